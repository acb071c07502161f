// The simulated market: who takes part in each symbol, and who wakes next. Same seed, same instruments: same commands.
// Has no clock; whoever runs it calls `step` when the market's clock reaches `nextTime`. For the server, CLI and mocks.

import type { InstrumentSpec } from '@papertape/protocol'
import type { Agent, AgentStart, AgentState, Ground } from './agents/agent.ts'
import { createArbitrageur } from './agents/arbitrageur.ts'
import { createBackstop } from './agents/backstop.ts'
import { type CommonFactor, createCommonFactor, VALUE_STEP_MS } from './agents/common-factor.ts'
import { createFundamental } from './agents/fundamental.ts'
import { createMaker } from './agents/maker.ts'
import { createPatient } from './agents/patient.ts'
import { createTaker } from './agents/taker.ts'
import { DESK } from './desks.ts'
import { liquidityOf } from './liquidity.ts'
import type { MarketDoor, MarketSource, SourceState } from './market-source.ts'
import { restoreRandom, seedRandom } from './random.ts'

export interface MarketOptions {
  readonly seed: number
  readonly instruments: readonly InstrumentSpec[]
  /**
   * Market time, whole ms since 1970, at which the makers fill the books. With a saved state: nothing happens before it,
   * so that a market that was put away for long goes on from here instead of making up for what it missed.
   */
  readonly startTime: number
}

interface SavedMarket extends SourceState {
  readonly source: 'market'
  readonly seed: number
  readonly symbols: readonly string[]
  /** The next wakes are counted from it: it keeps them short. */
  readonly time: number
  readonly agents: readonly AgentState[]
}

/** How long after the makers the others come. */
const WARM_UP_MS = 500

export function createMarket(options: MarketOptions, state?: SourceState): MarketSource {
  const { instruments } = options
  const saved = state === undefined ? undefined : checkState(options, state)
  const agents = populate(options, saved)
  // Beside the agents, because the search reads all of them after each wake: numbers in a row are quick to compare.
  const wakes = Float64Array.from(agents, agent => agent.nextTime)
  let next = earliest(wakes)

  function step(door: MarketDoor): void {
    const agent = agents[next]!
    agent.wake(wakes[next]!, door)
    wakes[next] = agent.nextTime
    next = earliest(wakes)
  }

  function save(): SavedMarket {
    const time = wakes[next]!
    const states = agents.map(agent => {
      const [random, nextTime, ...own] = agent.save()
      return [random, nextTime - time, ...own] as const
    })
    const symbols = instruments.map(spec => spec.symbol)
    return { source: 'market', seed: options.seed, symbols, time, agents: states }
  }

  return {
    instruments,
    get nextTime() {
      return wakes[next]!
    },
    step,
    save,
  }
}

/** The one with the earliest wake; of two at the same time, the one that was made first. */
function earliest(wakes: Float64Array): number {
  let found = 0
  let time = wakes[0]!
  for (let i = 1; i < wakes.length; i++) {
    if (wakes[i]! >= time) continue
    found = i
    time = wakes[i]!
  }
  return found
}

function populate(options: MarketOptions, saved: SavedMarket | undefined): Agent[] {
  const { seed, startTime } = options
  const agents: Agent[] = []

  /** What the next agent of the list starts from: its name and first wake, or its saved state. */
  function start(symbol: string, name: string, firstDelayMs: number): Omit<AgentStart, 'ground'> {
    const state = saved?.agents[agents.length]
    if (saved === undefined || state === undefined) {
      return { random: seedRandom(seed, symbol, name), nextTime: startTime + firstDelayMs, own: [] }
    }
    const [random, nextTime, ...own] = state
    return { random: restoreRandom(random), nextTime: Math.max(saved.time, startTime) + nextTime, own }
  }
  function add<Kind extends Agent>(agent: Kind): Kind {
    agents.push(agent)
    return agent
  }

  const factor = add(createCommonFactor(start('*', 'common-factor', VALUE_STEP_MS)))
  for (const [index, spec] of options.instruments.entries()) {
    const ground: Ground = { index, spec, liquidity: liquidityOf(spec) }
    settle(ground, factor, add, (name, firstDelayMs) => ({ ground, ...start(spec.symbol, name, firstDelayMs) }))
  }
  return agents
}

/** All who take part in one symbol. Their order is the order of the saved state: new ones go to the end. */
function settle(
  ground: Ground,
  factor: CommonFactor,
  add: <Kind extends Agent>(agent: Kind) => Kind,
  start: (name: string, firstDelayMs: number) => AgentStart,
): void {
  const { activity, halfSpreadTicks, gapTicks, roundLots, impactTicks } = ground.liquidity
  const value = add(createFundamental(start('fundamental', VALUE_STEP_MS), factor))
  add(createBackstop(start('backstop', 0), value))
  const near = { desk: DESK.nearMaker, levels: 10, halfSpreadTicks, gapTicks, roundLots, impactTicks }
  add(createMaker(start('near-maker', 0), { ...near, meanDelayMs: 240 / activity, learnMs: 4_000 }, value))
  const deep = { desk: DESK.deepMaker, levels: 9, gapTicks: gapTicks * 2, roundLots: roundLots * 2, impactTicks }
  const deepHalf = halfSpreadTicks * 1.6
  const habits = { ...deep, halfSpreadTicks: deepHalf, meanDelayMs: 480 / activity, learnMs: 9_000 }
  add(createMaker(start('deep-maker', 0), habits, value))
  add(createPatient(start('patient', WARM_UP_MS), value))
  add(createTaker(start('taker', WARM_UP_MS * 2)))
  add(createArbitrageur(start('arbitrageur', WARM_UP_MS * 2), value))
}

/** A state of another market must not be taken up: its streams would belong to other agents. */
function checkState(options: MarketOptions, state: SourceState): SavedMarket {
  const saved = state as Partial<SavedMarket>
  const symbols = options.instruments.map(spec => spec.symbol).join()
  if (saved.source !== 'market' || saved.agents === undefined || saved.symbols?.join() !== symbols) {
    throw new Error('the saved state is not one of a market with these instruments')
  }
  if (saved.seed !== options.seed) throw new Error(`the saved market has seed ${saved.seed}, not ${options.seed}`)
  return saved as SavedMarket
}
