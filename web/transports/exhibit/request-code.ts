// Programs that send one request or one message, or read one stream, of this server, in curl, JavaScript, Python and
// Go. Pure. The samples of the leaves of the decision tree, which also resume and reconnect, are in need/.

import { SUBPROTOCOL } from '@papertape/protocol'
import type { CodeSample } from './CodeSamples.tsx'

export interface CopiedRequest {
  readonly method: string
  /** With its origin. */
  readonly url: string
  readonly body?: string | undefined
  /** It acts for an account. A page does not know its cookie, so the program has a token. */
  readonly isPrivate: boolean
}

const TOKEN_NOTE = 'TOKEN is the token that POST /v1/accounts answers with.'
/** A JSON string is a string literal of JavaScript, Python and Go. */
const quote = (text: string) => JSON.stringify(text)
const shellQuote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`
/** The certificate that the server makes for itself is trusted by nobody. */
const curl = (url: string) => (/^\w+s:\/\/(localhost|127\.0\.0\.1)[:/]/.test(url) ? 'curl -k' : 'curl')

export function requestCode(request: CopiedRequest): readonly CodeSample[] {
  return [
    { language: 'curl', code: curlRequest(request) },
    { language: 'JavaScript', code: javaScriptRequest(request) },
    { language: 'Python', code: pythonRequest(request) },
    { language: 'Go', code: goRequest(request) },
  ]
}

function curlRequest({ method, url, body, isPrivate }: CopiedRequest): string {
  const parts = [`${curl(url)} ${shellQuote(url)}`]
  if (method !== 'GET') parts.push(`-X ${method}`)
  if (isPrivate) parts.push('-H "Authorization: Bearer $TOKEN"')
  if (body !== undefined) parts.push("-H 'Content-Type: application/json'", `-d ${shellQuote(body)}`)
  return `${isPrivate ? `# ${TOKEN_NOTE}\n` : ''}${parts.join(' \\\n  ')}`
}

function javaScriptRequest({ method, url, body, isPrivate }: CopiedRequest): string {
  const headers = [
    ...(isPrivate ? ["authorization: 'Bearer TOKEN'"] : []),
    ...(body === undefined ? [] : ["'content-type': 'application/json'"]),
  ]
  const fields = [
    ...(method === 'GET' ? [] : [`  method: '${method}',`]),
    ...(headers.length === 0 ? [] : [`  headers: { ${headers.join(', ')} },`]),
    ...(body === undefined ? [] : [`  body: ${quote(body)},`]),
  ]
  const options = fields.length === 0 ? '' : `, {\n${fields.join('\n')}\n}`
  return `${isPrivate ? `// ${TOKEN_NOTE}\n` : ''}const answer = await fetch(${quote(url)}${options})
console.log(answer.status, await answer.json())`
}

function pythonRequest({ method, url, body, isPrivate }: CopiedRequest): string {
  const headers = [
    ...(isPrivate ? ['"Authorization": "Bearer TOKEN"'] : []),
    ...(body === undefined ? [] : ['"Content-Type": "application/json"']),
  ]
  const options = [
    ...(method === 'GET' ? [] : [`method="${method}"`]),
    ...(headers.length === 0 ? [] : [`headers={${headers.join(', ')}}`]),
    ...(body === undefined ? [] : [`data=${quote(body)}.encode()`]),
  ]
  return `${isPrivate ? `# ${TOKEN_NOTE}\n` : ''}import json
from urllib.request import Request, urlopen

request = Request(${[quote(url), ...options].join(', ')})
with urlopen(request) as answer:
    print(answer.status, json.load(answer))`
}

function goRequest({ method, url, body, isPrivate }: CopiedRequest): string {
  const headers = [
    ...(isPrivate ? ['	request.Header.Set("Authorization", "Bearer TOKEN")\n'] : []),
    ...(body === undefined ? [] : ['	request.Header.Set("Content-Type", "application/json")\n']),
  ]
  const reader = body === undefined ? 'nil' : `strings.NewReader(${quote(body)})`
  const imports = ['fmt', 'io', 'net/http', ...(body === undefined ? [] : ['strings'])]
  return `${isPrivate ? `// ${TOKEN_NOTE}\n` : ''}package main

import (
${imports.map(name => `	"${name}"`).join('\n')}
)

func main() {
	request, err := http.NewRequest("${method}", ${quote(url)}, ${reader})
	if err != nil {
		panic(err)
	}
${headers.join('')}	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		panic(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		panic(err)
	}
	fmt.Println(answer.StatusCode, string(text))
}`
}

/** Prints the lines of a stream as they arrive. */
export function streamReaderCode(url: string, events: readonly string[]): readonly CodeSample[] {
  return [
    { language: 'curl', code: `${curl(url)} -N ${shellQuote(url)}` },
    {
      language: 'JavaScript',
      code: `// In a page, or: node --experimental-eventsource FILE.mjs
const feed = new EventSource(${quote(url)})
for (const name of ${quote(events.join(' '))}.split(' ')) {
  feed.addEventListener(name, ({ data, lastEventId }) => console.log(name, lastEventId, JSON.parse(data)))
}`,
    },
    {
      language: 'Python',
      code: `from urllib.request import urlopen

with urlopen(${quote(url)}) as stream:
    for line in stream:
        print(line.decode(), end="", flush=True)`,
    },
    {
      language: 'Go',
      code: `package main

import (
	"bufio"
	"fmt"
	"net/http"
)

func main() {
	stream, err := http.Get(${quote(url)})
	if err != nil {
		panic(err)
	}
	defer stream.Body.Close()
	lines := bufio.NewScanner(stream.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		fmt.Println(lines.Text())
	}
}`,
    },
  ]
}

/** Opens a socket, sends the messages and prints what arrives. */
export function socketMessageCode(url: string, messages: readonly string[]): readonly CodeSample[] {
  return [
    {
      language: 'curl',
      code: `# curl shows the upgrade. It cannot type messages: use websocat for that.
${curl(url.replace(/^ws/, 'http'))} -iN --http1.1 --max-time 2 ${shellQuote(url.replace(/^ws/, 'http'))} \\
  -H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' \\
  -H 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==' -H 'Sec-WebSocket-Protocol: ${SUBPROTOCOL}'`,
    },
    {
      language: 'JavaScript',
      code: `// ${TOKEN_NOTE}
const socket = new WebSocket(${quote(url)}, '${SUBPROTOCOL}')
socket.onmessage = ({ data }) => console.log(data)
socket.onopen = () => {
${messages.map(text => `  socket.send(${quote(text)})`).join('\n')}
}`,
    },
    {
      language: 'Python',
      code: `# ${TOKEN_NOTE} pip install websockets
from websockets.sync.client import connect

with connect(${quote(url)}, subprotocols=["${SUBPROTOCOL}"]) as socket:
${messages.map(text => `    socket.send(${quote(text)})`).join('\n')}
    for message in socket:
        print(message)`,
    },
    {
      language: 'Go',
      code: `// ${TOKEN_NOTE} go get github.com/coder/websocket
package main

import (
	"context"
	"fmt"

	"github.com/coder/websocket"
)

func main() {
	ctx := context.Background()
	options := &websocket.DialOptions{Subprotocols: []string{"${SUBPROTOCOL}"}}
	socket, _, err := websocket.Dial(ctx, ${quote(url)}, options)
	if err != nil {
		panic(err)
	}
	defer socket.CloseNow()
	for _, text := range []string{
${messages.map(text => `		${quote(text)},`).join('\n')}
	} {
		if err := socket.Write(ctx, websocket.MessageText, []byte(text)); err != nil {
			panic(err)
		}
	}
	for {
		_, message, err := socket.Read(ctx)
		if err != nil {
			panic(err)
		}
		fmt.Println(string(message))
	}
}`,
    },
  ]
}
