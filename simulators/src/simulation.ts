// A market source on an exchange of its own, run by its own clock alone: what batch runs, replays and tests are made of.
// The wall clock of its stamps is the market's, so that a run gives the same bytes whenever it is run.

import { ArchivedExchange, createExchange, type Exchange, type MemoryArchive } from '@papertape/engine'
import type { Command, CommandAnswer, DeskAnswer, FeedEvent, Stamp } from '@papertape/protocol'
import type { MarketDoor, MarketSource } from './market-source.ts'

export interface Simulation {
  readonly exchange: Exchange
  readonly source: MarketSource
  readonly commands: number
  /** Does the source's next action if it is due before `endTime`; false when there is none. */
  step(endTime: number): boolean
  /** Moves the clock to the end and closes the minutes that are over. */
  finish(endTime: number): void
  /** A user's command, stamped by whoever sends it. */
  send(command: Command, stamp: Stamp): CommandAnswer
  /** What users' ids stand for. */
  readonly archive: MemoryArchive
  /** What has happened since the last call. */
  takeEvents(): FeedEvent[]
}

/** @param onCommand hears the market time of each command just before it. */
export function createSimulation(
  source: MarketSource,
  exchange?: Exchange,
  onCommand?: (time: number) => void,
  archive?: MemoryArchive,
): Simulation {
  const market = exchange ?? createExchange({ instruments: source.instruments })
  const archived = new ArchivedExchange(market, archive)
  let stamp = { ts: 0, time: 0 }
  let commands = 0
  const door: MarketDoor = {
    book: market,
    submit: command => apply(command) as DeskAnswer,
    announce: command => void apply(command),
  }

  function apply(command: Command): CommandAnswer {
    commands++
    onCommand?.(stamp.time)
    return market.apply(command, stamp)
  }

  function step(endTime: number): boolean {
    const time = source.nextTime
    if (time === undefined || time >= endTime) return false
    if (time !== stamp.time) stamp = { ts: time * 1000, time }
    source.step(door)
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
    send: (command, stamp) => archived.apply(command, stamp).answer,
    archive: archived.archive,
    takeEvents() {
      // What users' orders have come to; were they not taken, the private events would pile up.
      archived.learn()
      return market.takeEvents()
    },
  }
}
