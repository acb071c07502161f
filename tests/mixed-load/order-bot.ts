// An account that places and cancels orders over the socket as fast as its answers come, and connects again whenever
// the connection ends. Keeps nothing but counts: it runs for an hour.

import { setTimeout as pause } from 'node:timers/promises'
import { type Channel, logOn } from '../support/channel.ts'
import type { TestRandom } from '../support/random.ts'

/** A connection keeps all its messages: it is replaced after so many orders. */
const ORDERS_A_CONNECTION = 200
const RETRY_MS = 100
const ORDER_EVERY_MS = 40

export class OrderBot {
  executions = 0
  /** It sends no order until it may again. */
  isPaused = false
  readonly #url: string
  readonly #token: string
  readonly #symbols: readonly string[]
  readonly #random: TestRandom
  #orders = 0
  #isTrading = false

  constructor(url: string, token: string, symbols: readonly string[], random: TestRandom) {
    this.#url = url
    this.#token = token
    this.#symbols = symbols
    this.#random = random
  }

  /** Paused, and with nothing on its way. */
  get isIdle(): boolean {
    return this.isPaused && !this.#isTrading
  }

  async run(isDone: () => boolean): Promise<void> {
    while (!isDone()) {
      if (this.isPaused) {
        await pause(ORDER_EVERY_MS)
        continue
      }
      let channel: Channel | undefined
      this.#isTrading = true
      try {
        channel = (await logOn(this.#url, this.#token)).channel
        await this.#trade(channel, isDone)
      } catch {
        // The server is being restarted; what was answered is checked elsewhere (exactly-once/).
        await pause(RETRY_MS)
      } finally {
        channel?.socket.terminate()
        this.#isTrading = false
      }
    }
  }

  async #trade(channel: Channel, isDone: () => boolean): Promise<void> {
    const { socket } = channel
    // An answer that was on its way does not come any more.
    const closed = new Promise<void>(resolve => socket.once('close', () => resolve()))
    await Promise.race([channel.ask({ type: 'order.cancelAll' }), closed])
    for (let n = 0; n < ORDERS_A_CONNECTION && !isDone() && !this.isPaused; n++) {
      if (socket.readyState !== socket.OPEN) return
      await Promise.race([this.#order(channel), closed])
      await pause(ORDER_EVERY_MS)
    }
  }

  /** Bought and sold at the market in turn, so that the account neither grows nor runs out; a few orders rest. */
  async #order(channel: Channel): Promise<void> {
    const { below } = this.#random
    const clientOrderId = `bot-${++this.#orders}-${below(1e9)}`
    const symbol = this.#symbols[below(this.#symbols.length)]!
    const side = this.#orders % 2 === 0 ? 'sell' : 'buy'
    const resting = { side: 'buy', orderType: 'limit', size: 100, price: 1, timeInForce: 'GTC' }
    const market = { side, orderType: 'market', size: 100, timeInForce: 'IOC' }
    const isResting = below(4) === 0
    const answer = await channel.ask({
      type: 'order.place',
      clientOrderId,
      symbol,
      ...(isResting ? resting : market),
    })
    if (answer.type === 'execution') this.executions++
    if (isResting) await channel.ask({ type: 'order.cancel', origClientOrderId: clientOrderId })
  }
}
