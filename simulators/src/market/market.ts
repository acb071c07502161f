// The simulated market: the agents of each symbol, woken in order of time. The same seed and instruments give the same
// commands. Has no clock: the caller runs `step` at `nextTime`. Used by the server, the CLI and the mocks.

import type { InstrumentSpec } from '@papertape/protocol'
import type { MarketPort, MarketSource, ScenarioDesk, SourceState } from '../market-source.ts'
import type { PlannedScenario } from '../planned-scenario.ts'
import { microseconds } from '../time-units.ts'
import { agentTerms } from './agent-settings.ts'
import type { Agent, AgentStart, TradedSymbol } from './agents/agent.ts'
import { createAuctionTrader } from './agents/auction-trader.ts'
import { createBackstop } from './agents/backstop.ts'
import { type CommonFactor, createCommonFactor, VALUE_STEP_US } from './agents/common-factor.ts'
import { createConsensus } from './agents/consensus.ts'
import { createFundamental, type Fundamental } from './agents/fundamental-value.ts'
import { createFundamentalist } from './agents/fundamentalist.ts'
import { createInstitutions, type ParentOrder } from './agents/institutions.ts'
import { createLiquidityProvider } from './agents/liquidity-provider.ts'
import { createMarketMaker, type MarketMaker } from './agents/market-maker.ts'
import { createMomentumTrader } from './agents/momentum-trader.ts'
import { createNoiseTrader } from './agents/noise-trader.ts'
import { DESK } from './desks.ts'
import {
  createDailyProfile,
  createIntradayProfile,
  type IntradayProfile,
  type SessionHours,
} from './intraday-profile.ts'
import { parametersOf } from './liquidity.ts'
import { type MarketConditions, USUAL_CONDITIONS } from './market-conditions.ts'
import type { Preset } from './preset.ts'
import { type Random, restoreRandom, seedRandom } from './random/random.ts'
import { delayUs } from './random/variates.ts'
import { createDirector, type SavedScenario, type ScenarioTarget } from './scenarios/director.ts'
import { scenarioNames, scenarioOf } from './scenarios/scenario-of.ts'
import type { MarketSettings } from './settings/market-schema.ts'
import { createWakeOrder } from './wake-order.ts'

export interface SimulatedMarketOptions {
  readonly seed: number
  readonly instruments: readonly InstrumentSpec[]
  /**
   * Market time, whole ms since 1970, at which the makers fill the books. With a saved state: nothing happens before
   * it, so that a market restored after a long pause continues from here and does not replay the pause.
   */
  readonly startTime: number
  /** All symbols trade in this regime; without it each in its own. */
  readonly preset?: Preset | undefined
  /** Of a market that closes; without them sessions follow each other from the start. */
  readonly hours?: SessionHours | null | undefined
  /** What differs from the usual market. */
  readonly settings?: MarketSettings | undefined
  /** Ignored with a saved state, which has its own. */
  readonly scenarios?: readonly PlannedScenario[] | undefined
  /** Called when a parent order is complete. */
  readonly onParentDone?: (parent: ParentOrder) => void
  /** Called just before each child order. `isFirst`: nothing of the broker's parent order has traded yet. */
  readonly onChildOrder?: (symbol: number, broker: number, isFirst: boolean) => void
  /** Called with each new fundamental value. */
  readonly onValue?: (symbol: number, time: number, valueTicks: number) => void
}

/**
 * The random stream, the next wake and the own state of an agent. It changes when the agent wakes, and not between: the
 * journal stores those that have changed.
 */
type AgentState = readonly [random: string, nextTime: number, ...own: number[]]

interface SavedMarket extends SourceState {
  readonly source: 'market'
  readonly seed: number
  readonly symbols: readonly string[]
  readonly preset: Preset | null
  /** When the first session opened. Times are in ms, with microseconds as a fraction. */
  readonly openTime: number
  /** Of the next wake. */
  readonly time: number
  /** Next wakes are relative to it; absent: to `time`, as in a state of a release before. */
  readonly wakesFrom?: number
  readonly agents: readonly AgentState[]
  readonly scenarios: readonly SavedScenario[]
}

export interface SimulatedMarket extends MarketSource {
  readonly scenarios: ScenarioDesk
}

interface Member {
  readonly agent: Agent
  readonly random: Random
  /** Its index; -1 for the common factor. */
  readonly symbol: number
}

/** A symbol's maker that acts on trades, and its number among the agents. */
interface TradeWatcher {
  readonly number: number
  readonly maker: MarketMaker
}

interface Population {
  readonly members: readonly Member[]
  readonly targets: readonly ScenarioTarget[]
  /** By symbol. */
  readonly watchers: readonly TradeWatcher[]
}

/** The state is of another release, which had other agents. */
class MarketOutdated extends Error {
  readonly code = 'journal-outdated'

  constructor() {
    super('the saved market is of another release, with other participants')
  }
}

/** How long after the makers the other agents start, and the mean delay that each has after that. */
const WARM_UP_MS = 200
const FIRST_WAKE_MS = 400

export function createSimulatedMarket(options: SimulatedMarketOptions, state?: SourceState): SimulatedMarket {
  const { instruments, hours } = options
  const saved = state === undefined ? undefined : checkState(options, state)
  const openTime = saved?.openTime ?? options.startTime
  /** Of the wakes, in whole microseconds since 1970. */
  const timesUs: number[] = []
  const session = hours ? createDailyProfile(hours) : createIntradayProfile(openTime)
  const { members, targets, watchers } = populate(options, session, saved, timesUs)
  if (saved !== undefined && saved.agents.length !== members.length) throw new MarketOutdated()
  const agents = members.map(member => member.agent)
  const symbolOf = members.map(member => member.symbol)
  const director = createDirector(
    options.seed,
    targets,
    name => scenarioOf(name, options.settings),
    saved?.scenarios,
    Math.max(saved?.time ?? 0, options.startTime),
  )
  if (saved === undefined) options.scenarios?.forEach(director.plan)
  /** The director has the highest number: at the same time all agents act before it. */
  const last = agents.length
  const order = createWakeOrder([...timesUs, director.nextTimeUs])

  function step(port: MarketPort): void {
    const next = order.first
    const timeUs = order.timeOf(next)
    if (next === last) {
      order.set(last, director.wake(timeUs, port))
      for (const watcher of watchers) react(watcher, timeUs, port)
    } else {
      order.set(next, agents[next]!.wake(timeUs, port))
      const watcher = watchers[symbolOf[next]!]
      if (watcher !== undefined) react(watcher, timeUs, port)
    }
  }

  /** A maker that has seen a trade wakes earlier. */
  function react({ number, maker }: TradeWatcher, timeUs: number, { book }: MarketPort): void {
    if (number < 0) return
    const atUs = maker.reactionUs(timeUs, book)
    if (atUs < order.timeOf(number)) order.set(number, atUs)
  }

  function save(): SavedMarket {
    const timeUs = order.timeOf(order.first)
    const openUs = microseconds(openTime)
    const states = members.map(
      ({ agent, random }, i): AgentState => [random.save(), (order.timeOf(i) - openUs) / 1000, ...agent.save()],
    )
    const symbols = instruments.map(spec => spec.symbol)
    const { seed, preset = null } = options
    return {
      source: 'market',
      seed,
      symbols,
      preset,
      openTime,
      time: timeUs / 1000,
      wakesFrom: openTime,
      agents: states,
      scenarios: director.save(timeUs),
    }
  }

  return {
    instruments,
    openTime,
    get nextTime() {
      return order.timeOf(order.first) / 1000
    },
    step,
    save,
    scenarios: {
      names: scenarioNames(options.settings),
      get running() {
        return director.running
      },
      plan({ name, startTime }) {
        director.plan({ name, startTime: Math.max(startTime, order.timeOf(order.first) / 1000) })
        order.set(last, director.nextTimeUs)
      },
    },
  }
}

function populate(
  options: SimulatedMarketOptions,
  session: IntradayProfile,
  saved: SavedMarket | undefined,
  timesUs: number[],
): Population {
  const { seed, startTime, preset, settings } = options
  const members: Member[] = []
  const targets: ScenarioTarget[] = []
  const watchers: TradeWatcher[] = []

  /** The start of the next agent of the list: a stream of its name, or its saved state. */
  function start(symbol: string, name: string, firstDelayUs: FirstDelay): Omit<AgentStart, 'traded'> {
    const state = saved?.agents[timesUs.length]
    if (saved === undefined || state === undefined) {
      const random = seedRandom(seed, symbol, name)
      timesUs.push(microseconds(startTime) + (firstDelayUs === 'drawn' ? firstWakeUs(random) : firstDelayUs))
      return { random, own: [] }
    }
    const [random, nextTime, ...own] = state
    const savedUs = microseconds(saved.time)
    const untilNextUs = microseconds(saved.wakesFrom ?? saved.time) + microseconds(nextTime) - savedUs
    timesUs.push(Math.max(savedUs, microseconds(startTime)) + untilNextUs)
    return { random: restoreRandom(random), own }
  }

  const factorStart = start('*', 'common-factor', VALUE_STEP_US)
  const factor = createCommonFactor(factorStart)
  members.push({ agent: factor, random: factorStart.random, symbol: -1 })
  for (const [index, spec] of options.instruments.entries()) {
    const conditions: MarketConditions = { ...USUAL_CONDITIONS }
    const traded: TradedSymbol = { index, spec, parameters: parametersOf(spec, preset, settings), conditions }
    const add: Add = (name, firstDelayUs, create) => {
      const { enabled, rate } = agentTerms(settings?.agents, name)
      // It is never woken, and has no part in the saved state.
      if (!enabled) return create({ traded, random: seedRandom(seed, spec.symbol, name), own: [] })
      const { parameters } = traded
      const rated = { ...traded, parameters: { ...parameters, activity: parameters.activity * rate } }
      const given = { traded: rated, ...start(spec.symbol, name, firstDelayUs) }
      const agent = create(given)
      members.push({ agent, random: given.random, symbol: index })
      return agent
    }
    const { fundamental, nearMaker } = addAgents(traded, factor, session, options, add)
    targets.push({ traded, conditions, fundamental })
    // -1 where the configuration leaves it out.
    watchers.push({ number: members.findIndex(({ agent }) => agent === nearMaker), maker: nearMaker })
  }
  return { members, targets, watchers }
}

/** `drawn`: after the makers have filled the books, each agent at another moment. */
type FirstDelay = number | 'drawn'
type Add = <Kind extends Agent>(name: string, firstDelay: FirstDelay, create: (start: AgentStart) => Kind) => Kind

/**
 * Adds the agents of one symbol. Returns those that others have to do with. Their order is that of the saved state: new
 * ones go to the end. Their names seed their random streams: another name is another market, for every seed.
 */
function addAgents(
  { parameters }: TradedSymbol,
  factor: CommonFactor,
  session: IntradayProfile,
  { onParentDone, onChildOrder, onValue }: Pick<SimulatedMarketOptions, 'onParentDone' | 'onChildOrder' | 'onValue'>,
  add: Add,
): { readonly fundamental: Fundamental; readonly nearMaker: MarketMaker } {
  const { makerMs, gapTicks } = parameters
  const value = add('fundamental', VALUE_STEP_US, start => createFundamental(start, factor, session, onValue))
  const fair = add('consensus', VALUE_STEP_US, start => createConsensus(start, value))
  add('backstop', 0, start => createBackstop(start, fair))
  const near = { desk: DESK.nearMaker, levels: 2, outerTicks: 0, lookMs: makerMs }
  const nearMaker = add('near-maker', 0, start => createMarketMaker(start, near, value, fair, session))
  const deep = { desk: DESK.deepMaker, levels: 3, outerTicks: gapTicks, lookMs: makerMs * 4 }
  add('deep-maker', 0, start => createMarketMaker(start, deep, value, fair, session))
  add('patient', 0, start => createLiquidityProvider(start, value, fair))
  add('crowd', 'drawn', start => createNoiseTrader(start, value))
  add('institutions', 'drawn', start => createInstitutions(start, value, onParentDone, onChildOrder))
  add('fundamentalist', 'drawn', start => createFundamentalist(start, value, fair))
  add('chartist', 'drawn', start => createMomentumTrader(start, value))
  add('auction-trader', 'drawn', start => createAuctionTrader(start, fair))
  return { fundamental: value, nearMaker }
}

function firstWakeUs(random: Random): number {
  return microseconds(WARM_UP_MS) + delayUs(random, FIRST_WAKE_MS)
}

/** The state with the agents' random streams of another seed: the same past, another future. Scenarios keep theirs. */
export function reseedMarket(state: SourceState, seed: number): SourceState {
  const saved = state as SavedMarket
  const agents = saved.agents.map(
    ([, ...rest], i): AgentState => [seedRandom(seed, 'reseed', String(i)).save(), ...rest],
  )
  return { ...saved, seed, agents } satisfies SavedMarket
}

/** Refuses the state of another market: its streams would belong to other agents. */
function checkState(options: SimulatedMarketOptions, state: SourceState): SavedMarket {
  const saved = state as Partial<SavedMarket>
  const symbols = options.instruments.map(spec => spec.symbol).join()
  if (saved.source !== 'market' || saved.agents === undefined || saved.symbols?.join() !== symbols) {
    throw new Error('the saved state is not one of a market with these instruments')
  }
  if (saved.preset !== (options.preset ?? null)) throw new Error(`the saved market has the preset ${saved.preset}`)
  if (saved.seed !== options.seed) throw new Error(`the saved market has seed ${saved.seed}, not ${options.seed}`)
  return saved as SavedMarket
}
