// How far the server's clock is ahead of the page's, as NTP measures it: by the round trip that took the least time.
// Events are stamped by the server, and read by the page.

import { SUBPROTOCOL } from '@papertape/protocol'

const ROUND_TRIPS = 5
const WAIT_MAX_MS = 5_000
const LOOPBACK = /^(?:.+\.)?localhost$|^127\.|^\[::1\]$/

export interface RoundTrip {
  readonly sentMs: number
  readonly serverMs: number
  readonly receivedMs: number
}

export function offsetOf(trips: readonly RoundTrip[]): number {
  const [best] = trips.toSorted((a, b) => a.receivedMs - a.sentMs - (b.receivedMs - b.sentMs))
  return best === undefined ? 0 : best.serverMs - (best.sentMs + best.receivedMs) / 2
}

/** Wall clock with fractions of a millisecond. A suspended machine leaves `timeOrigin` behind. */
export function pageNowMs(): number {
  const preciseMs = performance.timeOrigin + performance.now()
  const wallMs = Date.now()
  return Math.abs(preciseMs - wallMs) > 2 ? wallMs : preciseMs
}

/** Zero on the same machine, which has one clock; any measurement would be worse. @param baseUrl of the server */
export async function measureOffset(baseUrl: string): Promise<number> {
  const url = new URL('v1/socket', baseUrl)
  if (LOOPBACK.test(url.hostname)) return 0
  const trips: RoundTrip[] = []
  const socket = new WebSocket(url.href.replace(/^http/, 'ws'), SUBPROTOCOL)
  const measured = new Promise<void>(resolve => {
    let sentMs = 0
    const ping = () => {
      sentMs = pageNowMs()
      socket.send(JSON.stringify({ type: 'ping' }))
    }
    socket.onopen = ping
    socket.onmessage = ({ data }: MessageEvent<string>) => {
      const { type, serverTime } = JSON.parse(data) as { readonly type: string; readonly serverTime: number }
      if (type !== 'pong') return
      trips.push({ sentMs, serverMs: serverTime, receivedMs: pageNowMs() })
      if (trips.length < ROUND_TRIPS) ping()
      else resolve()
    }
    socket.onclose = () => resolve()
    setTimeout(resolve, WAIT_MAX_MS)
  })
  await measured
  socket.close()
  return offsetOf(trips)
}
