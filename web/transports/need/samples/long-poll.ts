// Long polling: the first request says where the feed is, each next one waits for what comes after.

import type { CodeSample } from '../../exhibit/CodeSamples.tsx'
import type { SampleTarget } from './sample-target.ts'

export function longPollSamples({ base }: SampleTarget): readonly CodeSample[] {
  const url = `${base}/v1/poll?events=trade&wait=25&last=`
  const polling = `let last = ''
for (;;) {
  try {
    // Without a position it answers at once, otherwise when there is a trade, after 25 s at the latest.
    const response = await fetch('${url}' + last)
    const answer = await response.json()
    if (!response.ok) throw new Error(answer.detail)
    for (const { id, data } of answer.events) console.log(id, JSON.stringify(data))
    last = answer.last
  } catch (error) {
    console.error(error.message)
    await new Promise(resolve => setTimeout(resolve, 1000))
  }
}
`
  return [
    { language: 'Browser', code: `// In the console of this page. Reload the page to end it.\n${polling}` },
    { language: 'Node', code: `// node poll.mjs\n${polling}` },
    {
      language: 'Python',
      code: `# python3 poll.py: needs nothing but the standard library.
import json, sys, time, urllib.request

last = ""
while True:
    try:
        with urllib.request.urlopen("${url}" + last, timeout=40) as response:
            answer = json.load(response)
        for one in answer["events"]:
            print(one["id"], json.dumps(one["data"]), flush=True)
        last = answer["last"]
    except OSError as error:
        print(error, file=sys.stderr)
        time.sleep(1)
`,
    },
    {
      language: 'Go',
      code: `// go run poll.go: needs nothing but the standard library.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"time"
)

type answer struct {
	Last   string
	Events []struct {
		ID   string
		Data json.RawMessage
	}
}

func poll(last string) (got answer, err error) {
	response, err := http.Get("${url}" + last)
	if err != nil {
		return got, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return got, fmt.Errorf("the server answered %s", response.Status)
	}
	return got, json.NewDecoder(response.Body).Decode(&got)
}

func main() {
	for last := ""; ; {
		got, err := poll(last)
		if err != nil {
			log.Print(err)
			time.Sleep(time.Second)
			continue
		}
		for _, one := range got.Events {
			fmt.Println(one.ID, string(one.Data))
		}
		last = got.Last
	}
}
`,
    },
    {
      language: 'curl',
      code: `# The first request says where the feed is. The second waits for the next trade, 25 s at the most.
last=$(curl -s '${url}' | grep -o '"last":"[^"]*"' | cut -d '"' -f 4)
curl -s "${url}$last"
`,
    },
  ]
}
