// Plays scenarios in a simulated market: sets the climate of its symbols, moves values, presses prices, halts, publishes.
// Any number at a time. Each has a random stream of its own, so that until it starts the market is the one without it, and
// the agents' draws stay theirs for ever. Woken by market.ts like an agent.

import type { MarketDoor } from '../../market-source.ts'
import type { PlannedScenario, ScenarioName } from '../../planned-scenario.ts'
import type { Ground } from '../agents/agent.ts'
import type { Fundamental } from '../agents/fundamental-value.ts'
import { type Climate, USUAL_CLIMATE } from '../market-conditions.ts'
import { type Random, restoreRandom, seedRandom } from '../random/random.ts'
import { delay } from '../random/variates.ts'
import { SCENARIOS } from './catalogue.ts'
import type { BurstStep, ClimateStep, PressStep, Scenario, ScenarioStep } from './scenario.ts'
import { announcementOf, burst, press, sweep } from './step-orders.ts'

/** A symbol that scenarios act upon. */
export interface Stage {
  readonly ground: Ground
  /** The ground's, to be set. */
  readonly climate: Climate
  readonly fundamental: Fundamental
}

/** Times are counted from the moment that the market was saved at. */
export interface SavedScenario {
  readonly name: ScenarioName
  readonly sinceMs: number
  readonly doneMs: number
  readonly nextMs: number
  readonly random: string
  readonly startTicks: readonly number[]
}

export interface Director {
  /** Infinity: nothing is planned. */
  readonly nextTime: number
  /** From the first to start; those that are planned included. */
  readonly running: readonly PlannedScenario[]
  plan(scenario: PlannedScenario): void
  /** Answers when it is to be woken next, as an agent does. */
  wake(time: number, door: MarketDoor): number
  save(time: number): readonly SavedScenario[]
}

interface Showing extends PlannedScenario {
  readonly scenario: Scenario
  readonly random: Random
  /** Steps up to so long after the start have been done; -1 before the first. */
  doneMs: number
  nextTime: number
  /** Of each symbol, when it started. */
  startTicks: readonly number[]
}

/** Mean time between two orders of one who presses. */
const PRESS_MS = 500
/** Time between two volleys of a burst. */
const BURST_MS = 20

/** @param savedTime what saved times are counted from. */
export function createDirector(
  seed: number,
  stages: readonly Stage[],
  saved: readonly SavedScenario[] = [],
  savedTime = 0,
): Director {
  let showings = saved.map(one => resume(one, savedTime))
  if (showings.length > 0) setClimates()

  function plan({ name, startTime }: PlannedScenario): void {
    const random = seedRandom(seed, '*', 'scenario', name)
    const fresh = { scenario: SCENARIOS[name], random, doneMs: -1, nextTime: startTime, startTicks: [] }
    showings.push({ name, startTime, ...fresh })
    showings.sort((a, b) => a.startTime - b.startTime)
  }

  /** As of the last moment that each was played at: nothing has changed since. */
  function setClimates(): void {
    for (const { climate } of stages) Object.assign(climate, USUAL_CLIMATE)
    for (const { scenario, doneMs } of showings) {
      for (const step of scenario.steps) {
        if (step.kind === 'climate' && isOn(step, doneMs)) bringClimate(step)
      }
    }
  }

  function bringClimate({ symbols, activity = 1, volatility = 1, depth = 1, spread = 1 }: ClimateStep): void {
    for (const { climate } of reached(symbols)) {
      climate.activity *= activity
      climate.volatility *= volatility
      climate.depth *= depth
      climate.spread *= spread
    }
  }

  function reached(symbols: ScenarioStep['symbols']): readonly Stage[] {
    return symbols === 'all' ? stages : stages.slice(0, 1)
  }

  /** What happens at one moment; climates and pressing last. */
  function perform(step: ScenarioStep, { startTime }: Showing, door: MarketDoor): void {
    const on = reached(step.symbols)
    if (step.kind === 'jump') for (const { fundamental } of on) fundamental.jump(step.fraction)
    else if (step.kind === 'sweep') for (const { ground } of on) sweep(step, ground, door)
    else if (step.kind === 'phase' || step.kind === 'news') {
      door.announce(announcementOf(step, stages[0]!.ground.spec, startTime))
    }
  }

  /** Does the next bit of what takes time; answers in how long the one after follows. */
  function goOn(step: PressStep | BurstStep, showing: Showing, elapsedMs: number, door: MarketDoor): number {
    const { random, startTicks } = showing
    const progress = (elapsedMs - step.atMs) / step.forMs
    for (const { ground, fundamental } of reached(step.symbols)) {
      if (step.kind === 'press') press(step, ground, startTicks[ground.index]!, progress, random, door)
      else burst(step, ground, fundamental.pace, BURST_MS, random, door)
    }
    return step.kind === 'press' ? delay(random, PRESS_MS) : BURST_MS
  }

  function play(showing: Showing, time: number, door: MarketDoor): void {
    const { scenario, startTime, doneMs } = showing
    const elapsedMs = time - startTime
    if (doneMs < 0) showing.startTicks = stages.map(({ ground }) => door.book.lastTicks(ground.index))
    let nextMs = Number.POSITIVE_INFINITY
    for (const step of scenario.steps) {
      if (step.atMs > doneMs && step.atMs <= elapsedMs) perform(step, showing, door)
      if ((step.kind === 'press' || step.kind === 'burst') && isOn(step, elapsedMs)) {
        nextMs = Math.min(nextMs, elapsedMs + goOn(step, showing, elapsedMs, door))
      }
      for (const changeMs of changesOf(step)) if (changeMs > elapsedMs) nextMs = Math.min(nextMs, changeMs)
    }
    showing.doneMs = elapsedMs
    showing.nextTime = startTime + nextMs
  }

  function nextTime(): number {
    return showings.reduce((first, { nextTime }) => Math.min(first, nextTime), Number.POSITIVE_INFINITY)
  }

  return {
    get nextTime() {
      return nextTime()
    },
    get running() {
      return showings.map(({ name, startTime }) => ({ name, startTime }))
    },
    plan,
    wake(time, door) {
      for (const showing of showings) if (showing.nextTime <= time) play(showing, time, door)
      showings = showings.filter(({ nextTime }) => nextTime < Number.POSITIVE_INFINITY)
      setClimates()
      return nextTime()
    },
    save: time =>
      showings.map(({ name, startTime, doneMs, nextTime, random, startTicks }) => {
        return { name, sinceMs: time - startTime, doneMs, nextMs: nextTime - time, random: random.save(), startTicks }
      }),
  }
}

function resume({ name, sinceMs, nextMs, random, ...saved }: SavedScenario, time: number): Showing {
  const times = { startTime: time - sinceMs, nextTime: time + nextMs }
  return { ...saved, name, scenario: SCENARIOS[name], ...times, random: restoreRandom(random) }
}

/** When something starts or ends. */
function changesOf(step: ScenarioStep): readonly number[] {
  return 'forMs' in step ? [step.atMs, step.atMs + step.forMs] : [step.atMs]
}

function isOn({ atMs, forMs }: { readonly atMs: number; readonly forMs: number }, elapsedMs: number): boolean {
  return elapsedMs >= atMs && elapsedMs < atMs + forMs
}
