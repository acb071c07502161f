// What a page's streams of the loss laboratory received, read from the browser's debugger and not from the page: which
// event arrived when, on how many connections, by which version of HTTP.

import type { Page } from 'playwright-core'

export interface LoggedEvent {
  readonly lane: number
  readonly number: number
  /** By the wall clock, since 1970. */
  readonly atMs: number
}

export interface StreamLog {
  readonly events: readonly LoggedEvent[]
  readonly connections: ReadonlySet<number>
  readonly protocols: ReadonlySet<string>
}

export async function logStreams(page: Page): Promise<StreamLog> {
  const events: LoggedEvent[] = []
  const connections = new Set<number>()
  const protocols = new Set<string>()
  const streams = new Map<string, { readonly lane: number; readonly wallOffsetMs: number; text: string }>()
  const session = await page.context().newCDPSession(page)

  session.on('Network.requestWillBeSent', ({ requestId, request, timestamp, wallTime }) => {
    const lane = /\/stream\?lane=(\d)$/.exec(request.url)?.[1]
    if (lane === undefined) return
    streams.set(requestId, { lane: Number(lane), wallOffsetMs: (wallTime - timestamp) * 1000, text: '' })
  })
  session.on('Network.responseReceived', ({ requestId, response }) => {
    if (!streams.has(requestId)) return
    connections.add(response.connectionId)
    protocols.add(response.protocol ?? '')
    void session.send('Network.streamResourceContent', { requestId })
  })
  session.on('Network.dataReceived', ({ requestId, timestamp, data }) => {
    const stream = streams.get(requestId)
    if (stream === undefined || data === undefined) return
    const frames = (stream.text + Buffer.from(data, 'base64').toString()).split('\n\n')
    stream.text = frames.pop()!
    for (const frame of frames) {
      const number = /^id: (\d+)$/m.exec(frame)?.[1]
      const atMs = timestamp * 1000 + stream.wallOffsetMs
      if (number !== undefined) events.push({ lane: stream.lane, number: Number(number), atMs })
    }
  })
  await session.send('Network.enable')
  return { events, connections, protocols }
}
