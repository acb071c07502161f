// What the readers of every event and of conflated ones have in common for the one who moves them from transport to
// transport.

import type { Position } from '@papertape/protocol'
import { FEED_EVENTS } from '@papertape/protocol'
import type { ArrivedFrame } from './feed-transports.ts'
import type { MarketLook, ReducedMarket } from './reduced-market.ts'

export const ALL_EVENTS = FEED_EVENTS.join(',')

export interface RoamingReader {
  readonly name: string
  /** Of /v1/stream. */
  readonly parameters: Readonly<Record<string, string>>
  readonly state: ReducedMarket
  /** Events taken so far. */
  readonly events: number
  /** The newest position, undefined before the first. */
  readonly last: string | undefined
  readonly position: Position | undefined
  /** The server has said that it ends this connection because the reader does not read. */
  readonly isLagging: boolean
  /** A connection is about to be opened. */
  connect(via: string): void
  /** @throws when the contract does not allow the frame here */
  take(frame: ArrivedFrame): void
  expect(id: string, look: MarketLook): void
  settle(): Promise<void>
}
