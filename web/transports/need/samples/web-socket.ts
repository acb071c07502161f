// WebSocket: an order goes up, its executions come down, over one connection.

import type { CodeSample } from '../../exhibit/CodeSamples.tsx'
import type { SampleTarget } from './sample-target.ts'

export function webSocketSamples({ base, symbol, lotSize }: SampleTarget): readonly CodeSample[] {
  const url = `${base.replace(/^http/, 'ws')}/v1/socket`
  // Node 26 opens it over HTTP/2 there, which it calls experimental, and fails.
  const nodeImport = url.startsWith('wss:')
    ? "// npm install ws: over TLS the WebSocket of Node 26 itself does not connect.\nimport WebSocket from 'ws'\n\n"
    : ''
  const order = `symbol: '${symbol}', side: 'buy', orderType: 'market', size: ${lotSize}`
  return [
    {
      language: 'Browser',
      code: `// In the console of this page. Buys ${lotSize} ${symbol} for this browser's paper account, which its cookie names.
const socket = new WebSocket('${url}', 'papertape.v1')
const send = message => socket.send(JSON.stringify(message))
socket.onopen = () => send({ type: 'logon' })
socket.onmessage = ({ data }) => {
  console.log(data)
  if (JSON.parse(data).type !== 'logon.ok') return
  send({ type: 'order.place', clientOrderId: 'console-' + Date.now(), ${order} })
}
// Nothing reconnects by itself. socket.close() ends it.
socket.onclose = ({ code, reason }) => console.log('closed', code, reason)
`,
    },
    {
      language: 'Node',
      code: `// node order.mjs: opens a paper account of its own and buys ${lotSize} ${symbol}.
${nodeImport}const headers = { 'content-type': 'application/json' }
const account = await fetch('${base}/v1/accounts', { method: 'POST', headers, body: '{}' })
const { token } = await account.json()
const socket = new WebSocket('${url}', 'papertape.v1')
const send = message => socket.send(JSON.stringify(message))
socket.onopen = () => send({ type: 'logon', token })
socket.onmessage = ({ data }) => {
  console.log(data)
  if (JSON.parse(data).type !== 'logon.ok') return
  send({ type: 'order.place', clientOrderId: 'node-1', ${order} })
}
// Nothing reconnects by itself: log on again with sessionId and nextSeq, and nothing of the account is missed.
socket.onclose = ({ code, reason }) => console.log('closed', code, reason)
`,
    },
    {
      language: 'Python',
      code: `# pip install websockets: the standard library has no WebSocket. Opens a paper account and buys ${lotSize} ${symbol}.
import json, urllib.request
from websockets.sync.client import connect

request = urllib.request.Request("${base}/v1/accounts", b"{}", {"Content-Type": "application/json"})
token = json.load(urllib.request.urlopen(request))["token"]
with connect("${url}", subprotocols=["papertape.v1"]) as socket:
    socket.send(json.dumps({"type": "logon", "token": token}))
    for text in socket:
        print(text, flush=True)
        if json.loads(text)["type"] == "logon.ok":
            order = {"symbol": "${symbol}", "side": "buy", "orderType": "market", "size": ${lotSize}}
            socket.send(json.dumps({"type": "order.place", "clientOrderId": "python-1", **order}))
`,
    },
    { language: 'Go', code: goSample(base, url, symbol, lotSize) },
    {
      language: 'curl',
      code: `# curl shows the handshake and the first frame. It cannot log on, so the server closes after 5 s, with 4401.
curl -isN --http1.1 '${url.replace(/^ws/, 'http')}' --output - \\
  -H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' \\
  -H 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==' -H 'Sec-WebSocket-Protocol: papertape.v1'
`,
    },
  ]
}

function goSample(base: string, url: string, symbol: string, lotSize: number): string {
  return `// go get github.com/gorilla/websocket: the standard library has no WebSocket.
// Opens a paper account and buys ${lotSize} ${symbol}.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"strings"

	"github.com/gorilla/websocket"
)

type message map[string]any

func main() {
	response, err := http.Post("${base}/v1/accounts", "application/json", strings.NewReader("{}"))
	if err != nil {
		log.Fatal(err)
	}
	var account struct{ Token string }
	if err := json.NewDecoder(response.Body).Decode(&account); err != nil {
		log.Fatal(err)
	}
	dialer := websocket.Dialer{Subprotocols: []string{"papertape.v1"}}
	socket, _, err := dialer.Dial("${url}", nil)
	if err != nil {
		log.Fatal(err)
	}
	defer socket.Close()
	socket.WriteJSON(message{"type": "logon", "token": account.Token})
	for {
		_, text, err := socket.ReadMessage()
		if err != nil {
			log.Fatal(err) // nothing reconnects by itself
		}
		fmt.Println(string(text))
		var got message
		json.Unmarshal(text, &got)
		if got["type"] == "logon.ok" {
			socket.WriteJSON(message{"type": "order.place", "clientOrderId": "go-1",
				"symbol": "${symbol}", "side": "buy", "orderType": "market", "size": ${lotSize}})
		}
	}
}
`
}
