// Plain requests: the list of instruments, once.

import type { CodeSample } from '../../exhibit/CodeSamples.tsx'
import type { SampleTarget } from './sample-target.ts'

export function restSamples({ base }: SampleTarget): readonly CodeSample[] {
  const url = `${base}/v1/instruments`
  const fetching = `const response = await fetch('${url}')
if (!response.ok) throw new Error((await response.json()).detail)
for (const { symbol, name, tickSize } of await response.json()) console.log(symbol, name, tickSize)
`
  return [
    { language: 'Browser', code: `// In the console of this page.\n${fetching}` },
    { language: 'Node', code: `// node instruments.mjs\n${fetching}` },
    {
      language: 'Python',
      code: `# python3 instruments.py
import json, urllib.request

with urllib.request.urlopen("${url}") as response:
    for one in json.load(response):
        print(one["symbol"], one["name"], one["tickSize"])
`,
    },
    {
      language: 'Go',
      code: `// go run instruments.go
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net/http"
)

func main() {
	response, err := http.Get("${url}")
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	var instruments []struct {
		Symbol, Name string
		TickSize     float64
	}
	if err := json.NewDecoder(response.Body).Decode(&instruments); err != nil {
		log.Fatal(err)
	}
	for _, one := range instruments {
		fmt.Println(one.Symbol, one.Name, one.TickSize)
	}
}
`,
    },
    { language: 'curl', code: `curl --fail-with-body '${url}'\n` },
  ]
}
