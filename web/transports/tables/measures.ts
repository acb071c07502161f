// What the page measures of this server by itself, at the reader's request: each is one function that returns a
// sentence. Opens connections, and closes each before it returns. Called by use-measurements.tsx, one after another.

import { SUBPROTOCOL } from '@papertape/protocol'
import { BASE_PATH } from '../../base-path.ts'
import { formatBytes } from '../../format/format.ts'
import { socketUrl } from '../exhibit/service.ts'
import { medianText, nextMessage, opened } from './measure-parts.ts'

const ROUNDS = 10
/** Answered from memory, in a few hundred bytes. */
const SMALL_REQUEST = '/v1/transport?realtime=true'

const request = (path: string, signal: AbortSignal) => fetch(`${BASE_PATH}${path}`, { signal, cache: 'no-store' })
const ms = (durationMs: number) => `${durationMs.toFixed(1)} ms`

function navigation(): PerformanceNavigationTiming | undefined {
  return (performance.getEntriesByType('navigation') as PerformanceNavigationTiming[])[0]
}

async function version(): Promise<string> {
  const used = navigation()?.nextHopProtocol ?? ''
  return used === '' ? 'The browser does not say which version this page came over.' : `This page came over ${used}.`
}

async function connect(): Promise<string> {
  const { connectStart = 0, connectEnd = 0, secureConnectionStart = 0 } = navigation() ?? {}
  if (connectEnd === connectStart) return 'This page came over a connection that was open already.'
  const parts = secureConnectionStart > 0 ? 'TCP and TLS' : 'TCP'
  return `The connection of this page took ${ms(connectEnd - connectStart)} to open (${parts}).`
}

async function roundTrip(signal: AbortSignal): Promise<string> {
  const durations: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const startMs = performance.now()
    await (await request(SMALL_REQUEST, signal)).arrayBuffer()
    durations.push(performance.now() - startMs)
  }
  return `GET /v1/transport: ${medianText(durations)}.`
}

/** What a page can see of the headers, as HTTP/1.1 writes them; there is no way to see those of HTTP/2 as sent. */
async function head(signal: AbortSignal): Promise<string> {
  const response = await request(SMALL_REQUEST, signal)
  const body = await response.arrayBuffer()
  const bytes = [...response.headers].reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0)
  return `An answer of ${formatBytes(body.byteLength)} has at least ${formatBytes(bytes)} of headers, written as text.`
}

async function stream(signal: AbortSignal): Promise<string> {
  const startMs = performance.now()
  const response = await request('/v1/stream?events=status&snapshot=false', signal)
  const reader = response.body!.getReader()
  try {
    const decoder = new TextDecoder()
    let text = ''
    while (!text.includes('event: hello')) {
      const { done, value } = await reader.read()
      if (done) throw new Error('the stream ended before its first frame')
      text += decoder.decode(value, { stream: true })
    }
    return `A stream: hello after ${ms(performance.now() - startMs)}.`
  } finally {
    await reader.cancel()
  }
}

async function socket(signal: AbortSignal): Promise<string> {
  const startMs = performance.now()
  const one = new WebSocket(socketUrl(), SUBPROTOCOL)
  try {
    await nextMessage(one, 'welcome', signal)
    return `A socket: welcome after ${ms(performance.now() - startMs)}.`
  } finally {
    one.close(1000)
  }
}

async function ping(signal: AbortSignal): Promise<string> {
  const one = new WebSocket(socketUrl(), SUBPROTOCOL)
  try {
    await opened(one, signal)
    const durations: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const startMs = performance.now()
      one.send(JSON.stringify({ type: 'ping' }))
      await nextMessage(one, 'pong', signal)
      durations.push(performance.now() - startMs)
    }
    return `ping and pong on a socket: ${medianText(durations)}.`
  } finally {
    one.close(1000)
  }
}

async function poll(signal: AbortSignal): Promise<string> {
  const { last } = (await (await request('/v1/poll?events=quote,trade', signal)).json()) as { last: string }
  const startMs = performance.now()
  const response = await request(`/v1/poll?events=quote,trade&wait=25&last=${last}`, signal)
  const body = await response.text()
  const { events } = JSON.parse(body) as { events: readonly unknown[] }
  const waited = ms(performance.now() - startMs)
  return `A poll was answered after ${waited}, with ${events.length} ${events.length === 1 ? 'event' : 'events'} in ${formatBytes(body.length)}.`
}

export const MEASURES = { version, connect, roundTrip, head, stream, socket, ping, poll } as const
export type LiveFigureName = keyof typeof MEASURES
export const MEASURE_NAMES = Object.keys(MEASURES) as LiveFigureName[]
