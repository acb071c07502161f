// Plays a scenario and holds its tape against what must be seen in it. Pure; for the command line and the tests.

import { SCENARIOS } from '../../market/scenarios/catalogue.ts'
import type { Expectation, Scenario } from '../../market/scenarios/scenario.ts'
import type { ScenarioName } from '../../planned-scenario.ts'
import { MEASURES } from './measures.ts'
import { playScene, type Scene, type SceneOptions, usualStartMs } from './scene.ts'

export interface Finding {
  readonly expectation: Expectation
  readonly value: number
  readonly met: boolean
}

export function checkScenario(name: ScenarioName, options: SceneOptions): Finding[] {
  const { expect }: Scenario = SCENARIOS[name]
  const startMs = usualStartMs(name)
  const scene = playScene(startMs, name, options)
  const isCompared = expect.some(({ against }) => against === 'normal')
  return findings(name, scene, isCompared ? playScene(startMs, undefined, options) : scene)
}

/** @param normal the same stretch of the same market without the scenario. */
export function findings(name: ScenarioName, scene: Scene, normal: Scene): Finding[] {
  const { expect }: Scenario = SCENARIOS[name]
  return expect.map(expectation => {
    const value = figureOf(expectation, scene, normal)
    const { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY } = expectation
    return { expectation, value, met: value >= least && value <= most }
  })
}

function figureOf({ measure, against, ...stretch }: Expectation, scene: Scene, normal: Scene): number {
  const { startMs, openMs, endMs } = scene
  const [fromMs, toMs] = [startMs + stretch.fromMs, startMs + stretch.toMs]
  const figure = MEASURES[measure]
  const value = figure(scene, fromMs, toMs)
  if (against === 'before') return value / figure(scene, openMs, startMs)
  if (against === 'after') return value / figure(scene, toMs, endMs)
  return against === 'normal' ? value / figure(normal, fromMs, toMs) : value
}
