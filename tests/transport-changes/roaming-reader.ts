// What the readers of every event and of conflated ones have in common: a position that they hold from transport to
// transport, and what they have of the market. What may arrive is judged by each.

import assert from 'node:assert/strict'
import { FEED_EVENTS, formatPosition, type Position } from '@papertape/protocol'
import type { ArrivedFrame } from './feed-transports.ts'
import { type MarketLook, ReducedMarket } from './reduced-market.ts'

export const ALL_EVENTS = FEED_EVENTS.join(',')

export abstract class RoamingReader {
  readonly name: string
  /** Of /v1/stream. */
  abstract readonly parameters: Readonly<Record<string, string>>
  readonly state: ReducedMarket
  /** Events taken so far. */
  events = 0
  /** Undefined before the first. */
  position: Position | undefined
  /** The server has said that it ends this connection because the reader does not read. */
  isLagging = false
  /** How the connection was made. */
  protected via = ''

  constructor(name: string, tickSizes: ReadonlyMap<string, number>) {
    this.name = name
    this.state = new ReducedMarket(tickSizes)
  }

  get last(): string | undefined {
    return this.position && formatPosition(this.position.epoch, this.position.seq)
  }

  /** A connection is about to be opened. */
  connect(via: string): void {
    this.via = via
    this.isLagging = false
  }

  /** @throws when the contract does not allow the frame here */
  take(frame: ArrivedFrame): void {
    const { event, id } = frame
    assert.ok(!this.isLagging, this.describe(`${event} ${id} after lagging`))
    // With a rate below what it asked for it is a notice, and a conflated reader goes on.
    if (event === 'lagging') this.isLagging = !(frame.data.maxHz < Number(this.parameters.maxHz))
    // These say nothing of the market.
    else if (event !== 'hello' && event !== 'busy' && event !== 'drain') this.takeOther(frame)
  }

  protected abstract takeOther(frame: ArrivedFrame): void
  /** REST has answered with the market at a position. */
  abstract expect(id: string, look: MarketLook): void
  abstract settle(): Promise<void>

  protected describe(what: string): string {
    return `${this.name} over ${this.via}: ${what}`
  }
}
