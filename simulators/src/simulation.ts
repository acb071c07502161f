// A market source on an exchange of its own, driven by market time alone. Batch runs, replays and tests use it.
// Its commands are stamped with market time as the wall clock, so that a run gives the same bytes at any date.

import {
  type Applied,
  ArchivedExchange,
  createExchange,
  type Exchange,
  type MemoryArchive,
  type PrivateEnvelope,
} from '@papertape/engine'
import type { Command, CommandAnswer, DeskAnswer, FeedEvent, Stamp } from '@papertape/protocol'
import type { MarketPort, MarketSource } from './market-source.ts'
import { microseconds } from './time-units.ts'

export interface Simulation {
  readonly exchange: Exchange
  readonly source: MarketSource
  readonly commands: number
  /** Does the source's next action if it is due before `endTime`; false when there is none. */
  step(endTime: number): boolean
  /** Moves the clock to the end and closes the minutes that are over. */
  finish(endTime: number): void
  /** Applies a user's command with the caller's stamp. */
  send(command: Command, stamp: Stamp): Applied
  /** Maps users' order ids to orders. */
  readonly archive: MemoryArchive
  /** The private events since the last call, or since the last command of a user, which returns its own. */
  takePrivateEvents(): PrivateEnvelope[]
  /** The public events since the last call. Drops the private ones that were not taken. */
  takeEvents(): FeedEvent[]
}

/** @param onCommand is called with each command and its market time, just before it is applied. */
export function createSimulation(
  source: MarketSource,
  exchange?: Exchange,
  onCommand?: (time: number, command: Command) => void,
  archive?: MemoryArchive,
): Simulation {
  const market = exchange ?? createExchange({ instruments: source.instruments })
  const archived = new ArchivedExchange(market, archive)
  let now = 0
  let stamp: Stamp = { ts: 0, time: 0 }
  let commands = 0
  const port: MarketPort = {
    book: market,
    submit: command => apply(command) as DeskAnswer,
    announce: command => void apply(command),
  }

  function apply(command: Command): CommandAnswer {
    commands++
    onCommand?.(now, command)
    return market.apply(command, stamp)
  }

  function step(endTime: number): boolean {
    const time = source.nextTime
    if (time === undefined || time >= endTime) return false
    if (time !== now) {
      now = time
      stamp = { ts: microseconds(time), time: Math.floor(time) }
    }
    source.step(port)
    return true
  }

  return {
    exchange: market,
    source,
    get commands() {
      return commands
    },
    step,
    finish(endTime) {
      market.apply({ type: 'clock.advance' }, { ts: endTime * 1000, time: endTime })
    },
    send(command, stamp) {
      onCommand?.(stamp.time, command)
      return archived.apply(command, stamp)
    },
    archive: archived.archive,
    takePrivateEvents: () => archived.learn(),
    takeEvents() {
      // The private events would accumulate otherwise.
      archived.learn()
      return market.takeEvents()
    },
  }
}
