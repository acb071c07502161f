// What the laboratory streams: six streams, an event each 60 ms on each, spaced evenly and numbered across all of
// them, so that their order says which event was overtaken. Not the market's feed, whose events come at irregular
// times.

import { encodeSse, LOSS_LAB } from '@papertape/protocol'

/** What the responses of node:http and node:http2 have in common. */
interface StreamResponse {
  writeHead(status: number, headers: Readonly<Record<string, string>>): unknown
  write(text: string): unknown
  end(): unknown
  once(event: 'close', listener: () => void): unknown
}

export interface EventStreams {
  /** Answers `GET /stream?lane=0` up to 5, over any version of HTTP. */
  readonly answer: (request: { readonly url?: string | undefined }, response: StreamResponse) => void
  close(): void
}

/** Of all clients together. */
const OPEN_MAX = 120
/** A stream ends after this time, whoever forgot it. */
const OPEN_MAX_MS = 10 * 60_000
/** An event is larger than any packet without one. */
const PADDING = 'x'.repeat(160)
const HEADERS = {
  'cache-control': 'no-store, no-transform',
  'access-control-allow-origin': '*',
  'timing-allow-origin': '*',
}

export function createEventStreams(): EventStreams {
  const lanes = Array.from({ length: LOSS_LAB.streams }, () => new Set<StreamResponse>())
  let number = 0
  const timer = setInterval(() => {
    number++
    const lane = number % LOSS_LAB.streams
    const frame = encodeSse({ id: String(number), data: JSON.stringify({ number, lane, padding: PADDING }) })
    for (const response of lanes[lane]!) response.write(frame)
  }, LOSS_LAB.intervalMs / LOSS_LAB.streams)

  return {
    answer(request, response) {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
      const lane = lanes[Number(searchParams.get('lane') ?? Number.NaN)]
      const openCount = lanes.reduce((sum, { size }) => sum + size, 0)
      if (pathname === '/') refuse(response, 200, 'The laboratory is reached. Go back to the page Transports.')
      else if (pathname !== '/stream' || lane === undefined)
        refuse(response, 404, `There is /stream?lane=0 to ${LOSS_LAB.streams - 1} here.`)
      else if (openCount >= OPEN_MAX) refuse(response, 503, 'Too many streams are open. Close some and try again.')
      else {
        response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream; charset=utf-8' })
        response.write(': open\n\n')
        lane.add(response)
        const end = setTimeout(() => response.end(), OPEN_MAX_MS)
        response.once('close', () => {
          lane.delete(response)
          clearTimeout(end)
        })
      }
    },
    close() {
      clearInterval(timer)
      for (const lane of lanes) for (const response of lane) response.end()
    },
  }
}

function refuse(response: StreamResponse, status: number, text: string): void {
  response.writeHead(status, { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' })
  response.write(`${text}\n`)
  response.end()
}
