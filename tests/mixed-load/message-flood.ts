// A socket that sends messages as fast as it can, valid and not, until the server closes it; then another. Counts, and
// judges how it is closed.

import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import WebSocket from 'ws'
import type { TestRandom } from '../support/random.ts'

/** More at once than a connection may send. */
const MESSAGES_A_TURN = 100
/** A busy machine takes seconds for it. */
const CONNECTION_MAX_MS = 30_000
const RETRY_MS = 200
/** For its rate, for messages that are malformed again and again, or because the server goes or has gone. */
const CLOSES = [1001, 1005, 1006, 1008, 4400, 4429]
const VALID = [
  { type: 'ping', requestId: 'ping' },
  { type: 'subscribe', requestId: 'one', subscription: 'one', events: ['book'] },
  { type: 'subscribe', requestId: 'two', subscription: 'two', events: ['trade'], encoding: 'binary' },
  { type: 'unsubscribe', requestId: 'three', subscription: 'one' },
].map(message => JSON.stringify(message))
const MALFORMED = [JSON.stringify({ type: 'order.place', requestId: 'four', size: -1 }), '{"type":']

export class MessageFlood {
  messages = 0
  closes: Record<number, number> = {}
  readonly #url: string
  readonly #random: TestRandom

  constructor(url: string, random: TestRandom) {
    this.#url = url
    this.#random = random
  }

  async run(isDone: () => boolean): Promise<void> {
    while (!isDone()) {
      await this.#flood(isDone)
      await pause(RETRY_MS)
    }
  }

  async #flood(isDone: () => boolean): Promise<void> {
    const socket = new WebSocket(`${this.#url.replace(/^http/, 'ws')}/v1/socket`, ['papertape.v1'])
    // Refused while the server is restarted; afterwards it shows in the close code.
    socket.on('error', () => {})
    const closed = new Promise<number>(resolve => socket.once('close', resolve))
    const isOpen = new Promise<boolean>(resolve => socket.once('open', () => resolve(true)))
    if (!(await Promise.race([isOpen, closed.then(() => false)]))) return
    const untilMs = performance.now() + CONNECTION_MAX_MS
    // Closed for what they are, or for how many they are.
    const messages = this.#random.below(2) === 0 ? VALID : [...VALID, ...MALFORMED]
    while (socket.readyState === WebSocket.OPEN && performance.now() < untilMs && !isDone()) {
      for (let n = 0; n < MESSAGES_A_TURN; n++) socket.send(messages[this.#random.below(messages.length)]!)
      this.messages += MESSAGES_A_TURN
      await pause(1)
    }
    if (socket.readyState === WebSocket.OPEN) {
      socket.terminate()
      await closed
      assert.ok(isDone(), `a flood of ${CONNECTION_MAX_MS} ms was not closed`)
      return
    }
    const code = await closed
    assert.ok(CLOSES.includes(code), `a flood was closed with ${code}`)
    this.closes[code] = (this.closes[code] ?? 0) + 1
  }
}
