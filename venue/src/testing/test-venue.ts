// For tests: a venue in the test's thread on a manual clock, with the gateway's end of its messages. Its journal is in
// memory unless another one is given.

import type { Command } from '@papertape/protocol'
import { MemoryJournal } from '../journal/memory-journal.ts'
import { ManualClock } from '../manual-clock.ts'
import { type OpenableMarket, planSimulation, type SimulatedPlan } from '../market/market-plan.ts'
import type { FromVenue, Queries, QueryName, ToVenue, VenueState } from '../messages.ts'
import { type OpenedJournal, openMemoryJournal } from '../recovery/opened-journal.ts'
import { Venue, type VenueOptions } from '../venue.ts'

/** Twenty seconds past the minute: a new market has a past of that length. */
export const TEST_WALL_MS = 1_767_623_420_000
export const TEST_PAST_MS = 20_000
export const TEST_EPOCH = 'k3f90000'
const TIMERS_MAX = 20_000

export interface TestVenueSettings extends Partial<VenueOptions> {
  readonly wallMs?: number
  /** False for a gateway that processes no batch. */
  readonly takes?: boolean
  /** How long the venue takes to answer a query. */
  readonly readMs?: number
  /** How long a step of the market source takes. */
  readonly stepMs?: number
  /** Of a replay. */
  readonly market?: OpenableMarket
  /** To go on from; closing a venue does not close it. */
  readonly journal?: MemoryJournal
  /** Another journal than one in memory. */
  readonly openJournal?: (market: OpenableMarket) => OpenedJournal
}

export type TestVenue = ReturnType<typeof openTestVenue>

export function openTestVenue(settings: TestVenueSettings = {}) {
  const { wallMs = TEST_WALL_MS, takes = true, readMs = 0, stepMs = 0, market: given, openJournal, ...more } = settings
  const { journal = new MemoryJournal(), ...options } = more
  const plan: SimulatedPlan = { kind: 'simulated', seed: 3, symbols: 1 }
  const venueOptions: VenueOptions = {
    plan,
    pace: 1,
    pastMs: TEST_PAST_MS,
    pastDays: 0,
    eventsKept: 1_000_000,
    ...options,
  }
  const market = given ?? planSimulation(venueOptions.plan as SimulatedPlan)
  const opened = openJournal?.(market) ?? openMemoryJournal(market, TEST_EPOCH, journal)
  const clock = new ManualClock(wallMs)
  const sent: FromVenue[] = []
  let queryId = 0
  let commandId = 0
  let processed = 0
  const venue = new Venue(venueOptions, {
    market: stepMs === 0 ? market : slowDown(market, () => clock.suspend(stepMs)),
    opened,
    clock,
    send(message) {
      sent.push(message)
      if (message.type === 'result') clock.suspend(readMs)
    },
  })
  const batches = () => sent.filter(message => message.type === 'batch')
  const processBatches = () => {
    const number = batches().at(-1)?.number ?? 0
    if (!takes || number === processed) return
    processed = number
    venue.receive({ type: 'processed', number })
  }
  const send = (command: Command): number => {
    venue.receive({ type: 'command', commandId: ++commandId, command })
    return commandId
  }
  return {
    venue,
    clock,
    journal,
    /** All messages of the venue. */
    sent,
    batches,
    events: () => batches().flatMap(batch => batch.events),
    notices: () => sent.flatMap(message => (message.type === 'notice' ? [message.text] : [])),
    start() {
      venue.start()
      processBatches()
    },
    runUntilReady() {
      venue.start()
      for (let timers = 0; timers < TIMERS_MAX && !sent.some(({ type }) => type === 'ready'); timers++) {
        processBatches()
        clock.runNext()
      }
      processBatches()
    },
    /** Lets time pass, a millisecond at a time. */
    pass(ms: number) {
      for (let i = 0; i < ms; i++) {
        clock.pass(1)
        processBatches()
      }
    },
    /** @returns the commandId. */
    send,
    setPace: (pace: string) => send({ type: 'pace.set', pace }),
    startScenarios: (...names: string[]) => send({ type: 'scenario.start', names }),
    query<Q extends QueryName>(name: Q, params: Queries[Q]['params']): Queries[Q]['result'] {
      venue.receive({ type: 'query', queryId: ++queryId, name, params } as ToVenue)
      const result = sent.findLast(message => message.type === 'result' && message.queryId === queryId)
      return (result as { result: Queries[Q]['result'] }).result
    },
    close: () => venue.receive({ type: 'close' }),
  }
}

/** @param onStep called with each step of the source. */
function slowDown(market: OpenableMarket, onStep: () => void): OpenableMarket {
  return {
    ...market,
    open(startTime, state) {
      const source = market.open(startTime, state)
      return {
        instruments: source.instruments,
        ...(source.openTime !== undefined && { openTime: source.openTime }),
        get nextTime() {
          return source.nextTime
        },
        step(port) {
          onStep()
          source.step(port)
        },
        save: () => source.save(),
        ...(source.scenarios !== undefined && { scenarios: source.scenarios }),
      }
    },
  }
}

export const openTestAccount: Command = { type: 'account.open', accountId: 'ann', tokenHash: '#ann', cash: 1_000_000 }

/** A market order of the test account. */
export function buyAtMarket(clientOrderId: string, symbol = 'VELTR'): Command {
  return {
    type: 'order.place',
    accountId: 'ann',
    clientOrderId,
    symbol,
    side: 'buy',
    orderType: 'market',
    size: 3,
    timeInForce: 'IOC',
    postOnly: false,
  }
}

/** What a restart must restore; the source's name, pace and newest checkpoint may differ. */
export function stateToRestore({ source: _, pace: __, checkpoint: ___, ...state }: VenueState) {
  return state
}
