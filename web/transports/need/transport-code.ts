// Code that reads this server by each transport, in several languages. The address is the one of the page.

import type { Transport } from '@papertape/protocol'
import type { CodeSample } from '../exhibit/CodeSamples.tsx'

/** @param origin `http://localhost:8080`, with the base path. */
export function transportCode(transport: Transport, origin: string): readonly CodeSample[] {
  return SAMPLES[transport](origin)
}

const SAMPLES: Readonly<Record<Transport, (origin: string) => readonly CodeSample[]>> = {
  rest: origin => [
    { language: 'curl', code: `curl '${origin}/v1/quotes'` },
    { language: 'Browser', code: `const { quotes } = await (await fetch('${origin}/v1/quotes')).json()` },
  ],
  sse: origin => [
    { language: 'curl', code: `curl -N '${origin}/v1/stream?events=trade'` },
    {
      language: 'Browser',
      code: `const feed = new EventSource('${origin}/v1/stream?events=trade')
feed.addEventListener('trade', ({ data }) => console.log(JSON.parse(data)))`,
    },
  ],
  websocket: origin => [
    {
      language: 'Browser',
      code: `const socket = new WebSocket('${origin.replace(/^http/, 'ws')}/v1/socket', 'papertape.v1')
socket.onmessage = ({ data }) => console.log(JSON.parse(data))`,
    },
  ],
  longPoll: origin => [{ language: 'curl', code: `curl '${origin}/v1/poll?events=trade'` }],
}
