// A subscription to a seeded market in this process, once as text and once as binary: the same events, in the messages
// that the gateway makes of them at the market's own times. Measures nothing.

import { createMarket } from '@papertape/mocks'
import { FEED_EVENTS, SUBPROTOCOL } from '@papertape/protocol'

const SYMBOLS = 20
const MARKET_SECONDS = 60
const STEP_MS = 500

export interface RecordedSubscription {
  readonly name: 'raw' | 'conflated'
  readonly texts: readonly string[]
  readonly binaries: readonly Uint8Array<ArrayBuffer>[]
}

/** Both of all symbols and events, in one market. */
export async function recordSubscriptions(seed: number): Promise<RecordedSubscription[]> {
  const market = await createMarket({ seed, symbols: SYMBOLS })
  const record = (fields: object) => {
    const texts: string[] = []
    const binaries: Uint8Array<ArrayBuffer>[] = []
    const socket = market.accept({
      protocols: [SUBPROTOCOL],
      send(message) {
        if (typeof message !== 'string') binaries.push(message)
        else if (message.startsWith('{"type":"event"')) texts.push(message)
      },
      close() {},
      refuse() {},
    })
    socket.receive(JSON.stringify({ type: 'subscribe', subscription: 'tape', events: FEED_EVENTS, ...fields }))
    return { texts, binaries }
  }
  const recordBoth = (name: 'raw' | 'conflated', fields: object) => {
    const { texts } = record({ snapshot: false, ...fields })
    const { binaries } = record({ snapshot: false, encoding: 'binary', ...fields })
    return { name, texts, binaries }
  }
  const recorded = [recordBoth('raw', { mode: 'raw' }), recordBoth('conflated', {})]
  for (let ms = 0; ms < MARKET_SECONDS * 1_000; ms += STEP_MS) await market.advance(STEP_MS)
  await market.close()
  return recorded
}
