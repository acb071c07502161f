// Server-Sent Events: every trade, once, also after the connection was lost.

import type { CodeSample } from '../../exhibit/CodeSamples.tsx'
import type { SampleTarget } from './sample-target.ts'

export function sseSamples({ base }: SampleTarget): readonly CodeSample[] {
  const url = `${base}/v1/stream?events=trade`
  return [
    {
      language: 'Browser',
      code: `// In the console of this page. After a loss the browser reconnects by itself and sends the last id as Last-Event-ID.
const stream = new EventSource('${url}')
stream.addEventListener('trade', ({ lastEventId, data }) => console.log(lastEventId, data))
stream.addEventListener('error', () => console.log('lost: the browser reconnects'))
// stream.close() ends it.
`,
    },
    {
      language: 'Node',
      code: `// node trades.mjs
let last = ''
for (;;) {
  try {
    const response = await fetch('${url}', { headers: { 'last-event-id': last } })
    if (!response.ok) throw new Error((await response.json()).detail)
    let rest = ''
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      const frames = (rest + text).split('\\n\\n')
      rest = frames.pop()
      for (const frame of frames) {
        last = /^id: (.*)$/m.exec(frame)?.[1] ?? last
        if (frame.includes('event: trade')) console.log(last, /^data: (.*)$/m.exec(frame)[1])
      }
    }
  } catch (error) {
    console.error(error.message)
  }
  await new Promise(resolve => setTimeout(resolve, 1000))
}
`,
    },
    {
      language: 'Python',
      code: `# python3 trades.py: needs nothing but the standard library.
import sys, time, urllib.request

last = event = ""
while True:
    try:
        request = urllib.request.Request("${url}", headers={"Last-Event-ID": last})
        with urllib.request.urlopen(request, timeout=30) as stream:
            for line in stream:
                name, _, value = line.decode().rstrip("\\n").partition(": ")
                if name == "id":
                    last = value
                elif name == "event":
                    event = value
                elif name == "data" and event == "trade":
                    print(last, value, flush=True)
    except OSError as error:
        print(error, file=sys.stderr)
    time.sleep(1)
`,
    },
    {
      language: 'Go',
      code: `// go run trades.go: needs nothing but the standard library.
package main

import (
	"bufio"
	"fmt"
	"log"
	"net/http"
	"strings"
	"time"
)

func main() {
	last, event := "", ""
	for ; ; time.Sleep(time.Second) {
		request, _ := http.NewRequest("GET", "${url}", nil)
		request.Header.Set("Last-Event-ID", last)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			log.Print(err)
			continue
		}
		lines := bufio.NewScanner(response.Body)
		lines.Buffer(nil, 1<<20) // a snapshot is one long line
		for lines.Scan() {
			name, value, _ := strings.Cut(lines.Text(), ": ")
			switch {
			case name == "id":
				last = value
			case name == "event":
				event = value
			case name == "data" && event == "trade":
				fmt.Println(last, value)
			}
		}
		response.Body.Close()
	}
}
`,
    },
    {
      language: 'curl',
      code: `# -N prints each event when it arrives. curl does not reconnect. To go on after a loss, add the last id:
#   -H 'Last-Event-ID: …'
curl -N '${url}'
`,
    },
  ]
}
