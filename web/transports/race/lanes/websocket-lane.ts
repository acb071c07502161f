// A lane over a WebSocket of its own, subscribed to the feed in either encoding. A browser does not reconnect it: this
// does, with the exponential backoff that the course notes name.

import { BinaryDecoder, type FeedEncoding, type Outbound, SUBPROTOCOL } from '@papertape/protocol'
import { socketFrameHeadBytes, upgradeBytes } from '../../exhibit/byte-cost.ts'
import { createDelivery } from './delivery.ts'
import { serverDisturbances } from './disturbances.ts'
import { type LaneRunner, type LaneSetting, pause, RACE_EVENTS } from './lane.ts'
import { upgradeFields } from './page-fields.ts'

/** 1 s, doubled, at most 30 s; five tries. */
const BACKOFF = { firstMs: 1_000, mostMs: 30_000, tries: 5 }
const NORMAL_CLOSE = 1_000

export function startWebSocketLane(setting: LaneSetting, encoding: FeedEncoding): LaneRunner {
  const { record, baseUrl, symbol, nowMs, controls } = setting
  const url = new URL('v1/socket', baseUrl)
  const delivery = createDelivery(setting)
  const stopped = new AbortController()
  let connection: { readonly key: string | undefined } | undefined
  let tries = 0

  function subscribe(socket: WebSocket): void {
    const message = JSON.stringify({
      type: 'subscribe',
      requestId: 1,
      subscription: 'race',
      symbols: [symbol],
      events: RACE_EVENTS,
      mode: 'raw',
      snapshot: false,
      last: delivery.position,
      encoding,
    })
    socket.send(message)
    record.received(0, message.length + socketFrameHeadBytes(message.length, true))
  }

  function take(message: Outbound, socket: WebSocket): void {
    if (message.type === 'welcome') {
      connection = { key: message.labKey }
      subscribe(socket)
    } else if (message.type === 'ack') {
      tries = 0
      record.opened(nowMs())
    } else if (message.type === 'event') delivery.deliver(message)
  }

  /** Settles with the close code. */
  function connect(): Promise<number> {
    return new Promise(resolve => {
      const socket = new WebSocket(url.href.replace(/^http/, 'ws'), SUBPROTOCOL)
      record.requested(upgradeBytes(url.pathname, url.host, upgradeFields(), SUBPROTOCOL))
      const close = () => socket.close(NORMAL_CLOSE)
      stopped.signal.addEventListener('abort', close)
      socket.binaryType = 'arraybuffer'
      const decoder = new BinaryDecoder()
      socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
        const bytes = typeof data === 'string' ? new TextEncoder().encode(data).length : data.byteLength
        record.received(bytes, socketFrameHeadBytes(bytes, false))
        const messages = typeof data === 'string' ? [JSON.parse(data) as Outbound] : decoder.decode(data)
        for (const message of messages) take(message, socket)
      }
      socket.onclose = ({ code }) => {
        stopped.signal.removeEventListener('abort', close)
        resolve(code)
      }
    })
  }

  async function run(): Promise<void> {
    while (!stopped.signal.aborted && tries < BACKOFF.tries) {
      const code = await connect()
      connection = undefined
      if (stopped.signal.aborted) return
      record.lost(nowMs())
      if (code === NORMAL_CLOSE) return
      await pause(Math.min(BACKOFF.mostMs, BACKOFF.firstMs * 2 ** tries), stopped.signal)
      tries++
    }
  }

  void run()
  return { ...serverDisturbances(controls, () => connection), stop: () => stopped.abort() }
}
