// The simulated market: who takes part in each symbol, and who wakes next. Same seed, same instruments: same commands.
// Has no clock; whoever runs it calls `step` when the market's clock reaches `nextTime`. For the server, CLI and mocks.

import type { InstrumentSpec } from '@papertape/protocol'
import type { MarketDoor, MarketSource, ScenarioDesk, SourceState } from '../market-source.ts'
import type { PlannedScenario } from '../planned-scenario.ts'
import type { Agent, AgentStart, Ground } from './agents/agent.ts'
import { createBackstop } from './agents/backstop.ts'
import { type CommonFactor, createCommonFactor, VALUE_STEP_MS } from './agents/common-factor.ts'
import { createConsensus } from './agents/consensus.ts'
import { createFundamental, type Fundamental } from './agents/fundamental-value.ts'
import { createFundamentalist } from './agents/fundamentalist.ts'
import { createInstitutions, type ParentOrder } from './agents/institutions.ts'
import { createPatient } from './agents/liquidity-provider.ts'
import { createMaker } from './agents/market-maker.ts'
import { createChartist } from './agents/momentum-trader.ts'
import { createCrowd } from './agents/noise-trader.ts'
import { DESK } from './desks.ts'
import { createSessionClock, type SessionClock } from './intraday-profile.ts'
import { habitsOf } from './liquidity.ts'
import { type Climate, USUAL_CLIMATE } from './market-conditions.ts'
import type { Preset } from './preset.ts'
import { type Random, restoreRandom, seedRandom } from './random/random.ts'
import { createDirector, type SavedScenario, type Stage } from './scenarios/director.ts'
import { createWakeOrder } from './wake-order.ts'

export interface MarketOptions {
  readonly seed: number
  readonly instruments: readonly InstrumentSpec[]
  /**
   * Market time, whole ms since 1970, at which the makers fill the books. With a saved state: nothing happens before it,
   * so that a market that was put away for long goes on from here instead of making up for what it missed.
   */
  readonly startTime: number
  /** All symbols trade in this regime; without it each in its own. */
  readonly preset?: Preset | undefined
  /** What befalls it, and when; a saved state has its own. */
  readonly scenarios?: readonly PlannedScenario[] | undefined
  /** Hears of each large intention that is done. */
  readonly onParentDone?: (parent: ParentOrder) => void
  /** Hears what a symbol is worth from now on. */
  readonly onValue?: (symbol: number, time: number, valueTicks: number) => void
}

/** A random stream, the next wake, and whatever numbers an agent remembers. */
type AgentState = readonly [random: string, nextTime: number, ...own: number[]]

interface SavedMarket extends SourceState {
  readonly source: 'market'
  readonly seed: number
  readonly symbols: readonly string[]
  readonly preset: Preset | null
  /** When the first session opened. */
  readonly openTime: number
  /** The next wakes are counted from it: it keeps them short. */
  readonly time: number
  readonly agents: readonly AgentState[]
  readonly scenarios: readonly SavedScenario[]
}

export interface SimulatedMarket extends MarketSource {
  readonly scenarios: ScenarioDesk
}

interface Member {
  readonly agent: Agent
  readonly random: Random
}

/** How long after the makers the others come. */
const WARM_UP_MS = 500

export function createMarket(options: MarketOptions, state?: SourceState): SimulatedMarket {
  const { instruments } = options
  const saved = state === undefined ? undefined : checkState(options, state)
  const openTime = saved?.openTime ?? options.startTime
  const times: number[] = []
  const { members, stages } = populate(options, createSessionClock(openTime), saved, times)
  const agents = members.map(member => member.agent)
  const director = createDirector(options.seed, stages, saved?.scenarios, Math.max(saved?.time ?? 0, options.startTime))
  if (saved === undefined) options.scenarios?.forEach(director.plan)
  /** The director is the last: at the same moment all agents act before it. */
  const last = agents.length
  const order = createWakeOrder([...times, director.nextTime])

  function step(door: MarketDoor): void {
    const next = order.first
    const time = order.timeOf(next)
    order.set(next, next === last ? director.wake(time, door) : agents[next]!.wake(time, door))
  }

  function save(): SavedMarket {
    const time = order.timeOf(order.first)
    const states = members.map(
      ({ agent, random }, i): AgentState => [random.save(), order.timeOf(i) - time, ...agent.save()],
    )
    const symbols = instruments.map(spec => spec.symbol)
    const { seed, preset = null } = options
    return { source: 'market', seed, symbols, preset, openTime, time, agents: states, scenarios: director.save(time) }
  }

  return {
    instruments,
    get nextTime() {
      return order.timeOf(order.first)
    },
    step,
    save,
    scenarios: {
      get running() {
        return director.running
      },
      plan({ name, startTime }) {
        director.plan({ name, startTime: Math.max(startTime, order.timeOf(order.first)) })
        order.set(last, director.nextTime)
      },
    },
  }
}

function populate(
  options: MarketOptions,
  session: SessionClock,
  saved: SavedMarket | undefined,
  times: number[],
): { readonly members: readonly Member[]; readonly stages: readonly Stage[] } {
  const { seed, startTime } = options
  const members: Member[] = []
  const stages: Stage[] = []

  /** What the next agent of the list starts from: a stream of its name, or its saved state. */
  function start(symbol: string, name: string, firstDelayMs: number): Omit<AgentStart, 'ground'> {
    const state = saved?.agents[times.length]
    if (saved === undefined || state === undefined) {
      times.push(startTime + firstDelayMs)
      return { random: seedRandom(seed, symbol, name), own: [] }
    }
    const [random, nextTime, ...own] = state
    times.push(Math.max(saved.time, startTime) + nextTime)
    return { random: restoreRandom(random), own }
  }

  const factorStart = start('*', 'common-factor', VALUE_STEP_MS)
  const factor = createCommonFactor(factorStart)
  members.push({ agent: factor, random: factorStart.random })
  for (const [index, spec] of options.instruments.entries()) {
    const climate: Climate = { ...USUAL_CLIMATE }
    const ground: Ground = { index, spec, habits: habitsOf(spec, options.preset), climate }
    const add: Add = (name, firstDelayMs, create) => {
      const given = { ground, ...start(spec.symbol, name, firstDelayMs) }
      const agent = create(given)
      members.push({ agent, random: given.random })
      return agent
    }
    const fundamental = settle(ground, factor, session, options, add)
    stages.push({ ground, climate, fundamental })
  }
  return { members, stages }
}

type Add = <Kind extends Agent>(name: string, firstDelayMs: number, create: (start: AgentStart) => Kind) => Kind

/** All who take part in one symbol, and what it is worth. Their order is the order of the saved state: new ones go to the end. */
function settle(
  { habits }: Ground,
  factor: CommonFactor,
  session: SessionClock,
  { onParentDone, onValue }: Pick<MarketOptions, 'onParentDone' | 'onValue'>,
  add: Add,
): Fundamental {
  const { makerMs, gapTicks } = habits
  const value = add('fundamental', VALUE_STEP_MS, start => createFundamental(start, factor, session, onValue))
  const fair = add('consensus', VALUE_STEP_MS, start => createConsensus(start, value))
  add('backstop', 0, start => createBackstop(start, fair))
  const near = { desk: DESK.nearMaker, levels: 2, outerTicks: 0, lookMs: makerMs }
  add('near-maker', 0, start => createMaker(start, near, value, fair))
  const deep = { desk: DESK.deepMaker, levels: 3, outerTicks: gapTicks, lookMs: makerMs * 4 }
  add('deep-maker', 0, start => createMaker(start, deep, value, fair))
  add('patient', 0, start => createPatient(start, value, fair))
  add('crowd', WARM_UP_MS, start => createCrowd(start, value))
  add('institutions', WARM_UP_MS, start => createInstitutions(start, value, onParentDone))
  add('fundamentalist', WARM_UP_MS, start => createFundamentalist(start, value, fair))
  add('chartist', WARM_UP_MS, start => createChartist(start, value))
  return value
}

/** A state of another market must not be taken up: its streams would belong to other agents. */
function checkState(options: MarketOptions, state: SourceState): SavedMarket {
  const saved = state as Partial<SavedMarket>
  const symbols = options.instruments.map(spec => spec.symbol).join()
  if (saved.source !== 'market' || saved.agents === undefined || saved.symbols?.join() !== symbols) {
    throw new Error('the saved state is not one of a market with these instruments')
  }
  if (saved.preset !== (options.preset ?? null)) throw new Error(`the saved market has the preset ${saved.preset}`)
  if (saved.seed !== options.seed) throw new Error(`the saved market has seed ${saved.seed}, not ${options.seed}`)
  return saved as SavedMarket
}
