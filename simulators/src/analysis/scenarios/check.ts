// Records a market with a scenario and checks the scenario's expectations. For the `scenarios` command and the tests.

import type { Expectation } from '../../market/scenarios/scenario.ts'
import { scenarioOf } from '../../market/scenarios/scenario-of.ts'
import { MEASURES } from './measures.ts'
import { OPEN_MS, recordScenario, type ScenarioRecording, type ScenarioRunOptions } from './scenario-recording.ts'

export interface Finding {
  readonly expectation: Expectation
  readonly value: number
  readonly met: boolean
}

export function checkScenario(name: string, options: ScenarioRunOptions): Finding[] {
  const { expect, usualStartMs } = scenarioOf(name, options.settings)
  const startMs = OPEN_MS + usualStartMs
  const recording = recordScenario(startMs, name, options)
  const isCompared = expect.some(({ against }) => against === 'normal')
  return findings(expect, recording, isCompared ? recordScenario(startMs, undefined, options) : recording)
}

/** @param normal the same interval of the same market without the scenario. */
export function findings(
  expect: readonly Expectation[],
  recording: ScenarioRecording,
  normal: ScenarioRecording,
): Finding[] {
  return expect.map(expectation => {
    const value = measured(expectation, recording, normal)
    const { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY } = expectation
    return { expectation, value, met: value >= least && value <= most }
  })
}

function measured(
  { measure, against, ...interval }: Expectation,
  recording: ScenarioRecording,
  normal: ScenarioRecording,
): number {
  const { startMs, openMs, endMs } = recording
  const [fromMs, toMs] = [startMs + interval.fromMs, startMs + interval.toMs]
  const measureOf = MEASURES[measure]
  const value = measureOf(recording, fromMs, toMs)
  if (against === 'before') return value / measureOf(recording, openMs, startMs)
  if (against === 'after') return value / measureOf(recording, toMs, endMs)
  return against === 'normal' ? value / measureOf(normal, fromMs, toMs) : value
}
