// One episode: a simulated market with one account, whose owner decides when market time passes. The same terms and the
// same steps give the same answers, byte for byte. It can be saved between two steps and restored any number of times.

import type { PrivateEnvelope } from '@papertape/engine'
import {
  type AccountSnapshot,
  type Command,
  describeInstrument,
  type Execution,
  type FeedEvent,
  type FeedEventName,
  type Instrument,
  type Stamp,
} from '@papertape/protocol'
import { reseedMarket } from '../market/market.ts'
import { openSeededRun, type RunState } from '../recording/market-run.ts'
import type { TapeHeader } from '../recording/tape.ts'
import { accountOpening } from '../run-options/order-command.ts'
import { microseconds } from '../time-units.ts'
import {
  ACCOUNT_COLUMNS,
  bookColumns,
  type ObservedRow,
  ORDER_COLUMNS,
  observeAccount,
  observeBooks,
  observeOrders,
} from './observation.ts'

/** What an episode is opened with. */
export interface EpisodeTerms {
  /** Of the run: seed, preset, symbols, scenarios, times. */
  readonly header: TapeHeader
  /** Market time that passes before the account is opened and first observes. */
  readonly warmUpMs: number
  readonly levels: number
  readonly cash: number
  readonly margin: boolean
  readonly events: readonly FeedEventName[]
}

export interface Observation {
  /** Market time in milliseconds, microseconds as a fraction. */
  readonly time: number
  readonly done: boolean
  readonly books: readonly ObservedRow[]
  readonly account: ObservedRow
  readonly orders: readonly (readonly (string | number | null)[])[]
  /** Of own orders since the last observation. */
  readonly executions: readonly Execution[]
  /** Replaces and cancels of this step that were refused, by their index among its orders. */
  readonly rejects: readonly { readonly order: number; readonly code: string; readonly text: string }[]
  /** The public events since the last observation, when the terms ask for some. */
  readonly events?: readonly FeedEvent[]
}

/** What does not change during an episode. */
export interface EpisodeDescription extends Pick<TapeHeader, 'seed' | 'startTime' | 'midnightTime'> {
  readonly endTime: number
  readonly instruments: readonly Instrument[]
  readonly bookColumns: readonly string[]
  readonly accountColumns: readonly string[]
  readonly orderColumns: readonly string[]
}

/** Immutable: episodes that were made of it do not share what changes. */
export interface EpisodeState {
  readonly terms: EpisodeTerms
  readonly time: number
  readonly done: boolean
  readonly ahead: readonly (readonly [orderId: string, aheadSize: number])[]
  /** The run's state as JSON. */
  readonly run: string
}

export interface Episode {
  readonly terms: EpisodeTerms
  readonly time: number
  readonly done: boolean
  describe(): EpisodeDescription
  /** Of the present, without executions. */
  observe(): Observation
  /**
   * Applies the commands at the present time, then does what the market does before `until`. Nothing of it is refused
   * but by the exchange.
   * @param until not before the present. At the end of the run or later the episode is done.
   */
  step(until: number, commands: readonly Command[]): Observation
  save(): EpisodeState
}

/** The account of an episode; no answer has its name. */
export const OWN_ACCOUNT = 'own'

/** The state with the agents' random streams of another seed. */
export function reseedEpisode({ terms, run, ...rest }: EpisodeState, seed: number): EpisodeState {
  const state = JSON.parse(run) as RunState
  const source = reseedMarket(state.source, seed)
  return { ...rest, terms: { ...terms, header: { ...terms.header, seed } }, run: JSON.stringify({ ...state, source }) }
}

export function createEpisode(terms: EpisodeTerms, saved?: EpisodeState): Episode {
  const { header, levels, events: eventNames } = terms
  const endTime = header.startTime + header.durationMs
  const state = saved === undefined ? undefined : (JSON.parse(saved.run) as RunState)
  const muted = eventNames.length === 0
  const run = openSeededRun(header, [], { state, muted })
  const { simulation } = run
  const { exchange, source } = simulation
  const specs = source.instruments
  const ahead = new Map(saved?.ahead)
  let time = saved?.time ?? header.startTime
  let done = saved?.done ?? false
  let executions: Execution[] = []

  if (saved === undefined) {
    runTo(time + terms.warmUpMs)
    apply(accountOpening(OWN_ACCOUNT, { cash: terms.cash, ...(terms.margin ? { margin: true } : {}) }))
    learn(simulation.takePrivateEvents())
    simulation.takeEvents()
  }
  let account = exchange.account(OWN_ACCOUNT)!

  function apply(command: Command) {
    const stamp: Stamp = { ts: microseconds(time), time: Math.floor(time) }
    const { answer, envelopes } = simulation.send(command, stamp)
    learn(envelopes)
    return answer
  }

  /** Keeps the executions, and the newest place of each order in its queue. */
  function learn(envelopes: readonly PrivateEnvelope[]): void {
    for (const { event, ended } of envelopes) {
      if (event.type === 'execution') {
        executions.push(event)
        if (event.aheadSize !== null) ahead.set(event.orderId, event.aheadSize)
        if (ended !== undefined) ahead.delete(event.orderId)
      } else if (event.type === 'queue') ahead.set(event.orderId, event.aheadSize)
    }
  }

  function runTo(until: number): void {
    while (simulation.step(until));
    time = until
  }

  function step(until: number, commands: readonly Command[]): Observation {
    const rejects: Observation['rejects'][number][] = []
    commands.forEach((command, order) => {
      const answer = apply(command)
      if (answer.type === 'cancel.reject') rejects.push({ order, code: answer.code, text: answer.text })
      // The first answer again is not in the private stream.
      else if (answer.type === 'execution' && answer.duplicate) executions.push(answer)
    })
    runTo(Math.min(until, endTime))
    if (time === endTime) {
      done = true
      simulation.finish(endTime)
    }
    const envelopes = simulation.takePrivateEvents()
    learn(envelopes)
    if (commands.length > 0 || envelopes.length > 0 || terms.margin) account = exchange.account(OWN_ACCOUNT)!
    const observation = observed(account, executions, rejects)
    executions = []
    return observation
  }

  function observed(
    snapshot: AccountSnapshot,
    ownExecutions: readonly Execution[],
    rejects: Observation['rejects'],
  ): Observation {
    return {
      time,
      done,
      books: observeBooks(exchange, specs, levels, snapshot),
      account: observeAccount(exchange, specs, snapshot),
      orders: observeOrders(snapshot, ahead),
      executions: ownExecutions,
      rejects,
      ...(muted ? {} : { events: simulation.takeEvents().filter(({ event }) => eventNames.includes(event)) }),
    }
  }

  return {
    terms,
    get time() {
      return time
    },
    get done() {
      return done
    },
    describe: () => ({
      seed: header.seed,
      startTime: header.startTime,
      midnightTime: header.midnightTime,
      endTime,
      instruments: specs.map(spec =>
        describeInstrument(spec, exchange.phase(spec.symbol), exchange.bands(spec.symbol)),
      ),
      bookColumns: bookColumns(levels),
      accountColumns: ACCOUNT_COLUMNS,
      orderColumns: ORDER_COLUMNS,
    }),
    observe: () => observed(account, [], []),
    step,
    save: () => ({ terms, time, done, ahead: [...ahead], run: JSON.stringify(run.save()) }),
  }
}
