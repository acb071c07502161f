// Runs scenarios in a simulated market: sets market conditions, moves values, sends orders, halts symbols, publishes
// news. Several run at a time. Each has its own random stream, so that the market is unchanged until one starts, and
// the agents' draws are unchanged for ever. Woken by market.ts like an agent.

import type { MarketPort } from '../../market-source.ts'
import type { PlannedScenario, RunningScenario } from '../../planned-scenario.ts'
import { microseconds } from '../../time-units.ts'
import type { TradedSymbol } from '../agents/agent.ts'
import type { Fundamental } from '../agents/fundamental-value.ts'
import { type MarketConditions, USUAL_CONDITIONS } from '../market-conditions.ts'
import { type Random, restoreRandom, seedRandom } from '../random/random.ts'
import { delayUs } from '../random/variates.ts'
import {
  type BurstStep,
  type ConditionsStep,
  type PressStep,
  type Scenario,
  type ScenarioStep,
  scenarioLengthMs,
} from './scenario.ts'
import { announcementOf, burst, drawPressTerms, type PressTerms, press, sweep } from './step-orders.ts'

/** A symbol that scenarios act on. */
export interface ScenarioTarget {
  readonly traded: TradedSymbol
  /** The same object as the traded symbol's, writable. */
  readonly conditions: MarketConditions
  readonly fundamental: Fundamental
}

/** Times are relative to that of the saved market, in ms with microseconds as a fraction. */
export interface SavedScenario {
  readonly name: string
  readonly sinceMs: number
  readonly doneMs: number
  readonly nextMs: number
  readonly random: string
  readonly startTicks: readonly number[]
  readonly terms: readonly PressTerms[]
}

export interface Director {
  /** Whole microseconds since 1970; Infinity when nothing is planned. */
  readonly nextTimeUs: number
  /** Running and planned scenarios, by start time. */
  readonly running: readonly RunningScenario[]
  plan(scenario: PlannedScenario): void
  /** Returns its next wake, as an agent does. */
  wake(timeUs: number, port: MarketPort): number
  save(timeUs: number): readonly SavedScenario[]
}

interface ScenarioRun extends PlannedScenario {
  readonly scenario: Scenario
  readonly random: Random
  /** Steps up to this long after the start are done; -1 before the first. */
  doneMs: number
  nextUs: number
  /** Price of each symbol when the scenario started, and how press steps differ in it. */
  startTicks: readonly number[]
  terms: readonly PressTerms[]
}

/** Mean time between two orders of a press step. */
const PRESS_MS = 500
/** Time between two batches of orders of a burst step. */
const BURST_MS = 20

/**
 * @param scenarioOf the steps of a scenario by its name.
 * @param savedTime the market time that saved times are relative to.
 */
export function createDirector(
  seed: number,
  targets: readonly ScenarioTarget[],
  scenarioOf: (name: string) => Scenario,
  saved: readonly SavedScenario[] = [],
  savedTime = 0,
): Director {
  let runs = saved.map(one => resume(one, scenarioOf(one.name), savedTime))
  if (runs.length > 0) setConditions()

  function plan({ name, startTime }: PlannedScenario): void {
    const random = seedRandom(seed, '*', 'scenario', name)
    const fresh = {
      scenario: scenarioOf(name),
      random,
      doneMs: -1,
      nextUs: microseconds(startTime),
      startTicks: [],
      terms: [],
    }
    runs.push({ name, startTime, ...fresh })
    runs.sort((a, b) => a.startTime - b.startTime)
  }

  /** As of the time each scenario was last run at: nothing has changed since. */
  function setConditions(): void {
    for (const { conditions } of targets) Object.assign(conditions, USUAL_CONDITIONS)
    for (const { scenario, doneMs } of runs) {
      for (const step of scenario.steps) {
        if (step.kind === 'conditions' && isOn(step, doneMs)) applyConditions(step)
      }
    }
  }

  function applyConditions({ symbols, activity = 1, volatility = 1, depth = 1, spread = 1 }: ConditionsStep): void {
    for (const { conditions } of reached(symbols)) {
      conditions.activity *= activity
      conditions.volatility *= volatility
      conditions.depth *= depth
      conditions.spread *= spread
    }
  }

  function reached(symbols: ScenarioStep['symbols']): readonly ScenarioTarget[] {
    return symbols === 'all' ? targets : targets.slice(0, 1)
  }

  /** Does a step that takes no time. */
  function perform(step: ScenarioStep, { startTime }: ScenarioRun, port: MarketPort): void {
    const on = reached(step.symbols)
    if (step.kind === 'jump') for (const { fundamental } of on) fundamental.jump(step.fraction)
    else if (step.kind === 'sweep') for (const { traded } of on) sweep(step, traded, port)
    else if (step.kind === 'phase' || step.kind === 'news') {
      port.announce(announcementOf(step, targets[0]!.traded.spec, startTime))
    }
  }

  /** Does the next part of a step that takes time; returns the delay of the one after. */
  function continueStep(step: PressStep | BurstStep, run: ScenarioRun, elapsedMs: number, port: MarketPort): number {
    const { random, startTicks, terms } = run
    const progress = (elapsedMs - step.atMs) / step.forMs
    for (const { traded, fundamental } of reached(step.symbols)) {
      if (step.kind === 'press')
        press(step, traded, terms[traded.index]!, startTicks[traded.index]!, progress, random, port)
      else burst(step, traded, fundamental.pace, BURST_MS, random, port)
    }
    return step.kind === 'press' ? delayUs(random, PRESS_MS) / 1000 : BURST_MS
  }

  function advance(run: ScenarioRun, timeUs: number, port: MarketPort): void {
    const { scenario, startTime, doneMs } = run
    const elapsedMs = (timeUs - microseconds(startTime)) / 1000
    if (doneMs < 0) {
      run.startTicks = targets.map(({ traded }) => port.book.lastTicks(traded.index))
      run.terms = targets.map(() => drawPressTerms(run.random))
    }
    let nextMs = Number.POSITIVE_INFINITY
    for (const step of scenario.steps) {
      if (step.atMs > doneMs && step.atMs <= elapsedMs) perform(step, run, port)
      if ((step.kind === 'press' || step.kind === 'burst') && isOn(step, elapsedMs)) {
        nextMs = Math.min(nextMs, elapsedMs + continueStep(step, run, elapsedMs, port))
      }
      for (const changeMs of changesOf(step)) if (changeMs > elapsedMs) nextMs = Math.min(nextMs, changeMs)
    }
    run.doneMs = elapsedMs
    run.nextUs = microseconds(startTime) + microseconds(nextMs)
  }

  function nextTimeUs(): number {
    return runs.reduce((first, { nextUs }) => Math.min(first, nextUs), Number.POSITIVE_INFINITY)
  }

  return {
    get nextTimeUs() {
      return nextTimeUs()
    },
    get running() {
      return runs.map(({ name, startTime, scenario }) => {
        return { name, startTime, endTime: startTime + scenarioLengthMs(scenario) }
      })
    },
    plan,
    wake(timeUs, port) {
      for (const run of runs) if (run.nextUs <= timeUs) advance(run, timeUs, port)
      runs = runs.filter(({ nextUs }) => nextUs < Number.POSITIVE_INFINITY)
      setConditions()
      return nextTimeUs()
    },
    save: timeUs =>
      runs.map(({ name, startTime, doneMs, nextUs, random, startTicks, terms }) => {
        const times = { sinceMs: (timeUs - microseconds(startTime)) / 1000, doneMs, nextMs: (nextUs - timeUs) / 1000 }
        return { name, ...times, random: random.save(), startTicks, terms }
      }),
  }
}

function resume(
  { name, sinceMs, nextMs, random, ...saved }: SavedScenario,
  scenario: Scenario,
  time: number,
): ScenarioRun {
  const timeUs = microseconds(time)
  const times = { startTime: (timeUs - microseconds(sinceMs)) / 1000, nextUs: timeUs + microseconds(nextMs) }
  return { ...saved, name, scenario, ...times, random: restoreRandom(random) }
}

/** When the step starts and ends. */
function changesOf(step: ScenarioStep): readonly number[] {
  return 'forMs' in step ? [step.atMs, step.atMs + step.forMs] : [step.atMs]
}

function isOn({ atMs, forMs }: { readonly atMs: number; readonly forMs: number }, elapsedMs: number): boolean {
  return elapsedMs >= atMs && elapsedMs < atMs + forMs
}
