// `scenarios`: lists the scenarios, describes one, or checks its expectations.

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { SIMULATION_PRESETS } from '@papertape/protocol'
import type { Finding } from '../../analysis/scenarios/check.ts'
import { PRESETS } from '../../market/preset.ts'
import { SCENARIOS } from '../../market/scenarios/catalogue.ts'
import type { Expectation, Scenario } from '../../market/scenarios/scenario.ts'
import { isScenarioName, SCENARIO_NAMES, type ScenarioName } from '../../planned-scenario.ts'
import { describeUnknownScenario } from '../../run-options/scenario-schedule.ts'
import type { CommandLine } from '../arguments.ts'
import { failed, Interruption, usageFailure } from '../failure.ts'
import { parseChoice, parseSeed } from '../options/flag-values.ts'
import { printResults } from '../output/std-streams.ts'
import type { ScenarioJob } from './scenario-worker.ts'

export async function scenarios({ operand: name, flags }: CommandLine, signal: AbortSignal): Promise<void> {
  if (name !== '' && !isScenarioName(name)) throw usageFailure(describeUnknownScenario(name))
  if (flags.check !== true) {
    await printResults(name === '' ? SCENARIO_NAMES.map(summary).join('\n') : details(name))
    return
  }
  if (name === '') throw usageFailure('--check needs the NAME of a scenario')
  const seed = parseSeed((flags.seed as string | undefined) ?? '1')
  const preset = parseChoice('preset', (flags.preset as string | undefined) ?? 'mixed', SIMULATION_PRESETS)
  // The heading comes first: the simulation takes a second or more.
  await printResults(`${name}, seed ${seed}, ${preset}\n`)
  const findings = await check({ name, options: { seed, preset: PRESETS.find(known => known === preset) } }, signal)
  await printResults(findings.map(finding => `${verdict(finding)}\n`).join(''))
  const unmet = findings.filter(({ met }) => !met).length
  if (unmet > 0) throw failed(`${unmet} of ${findings.length} expectations of ${name} are not met`)
}

/** In a thread, so that a signal can end it. */
async function check(job: ScenarioJob, signal: AbortSignal): Promise<readonly Finding[]> {
  const worker = new Worker(new URL('./scenario-worker.ts', import.meta.url), { workerData: job })
  try {
    const [findings] = (await once(worker, 'message', { signal })) as [readonly Finding[]]
    return findings
  } catch (error) {
    if (signal.aborted) throw new Interruption()
    throw error
  } finally {
    await worker.terminate()
  }
}

function summary(name: ScenarioName): string {
  const { description, expect }: Scenario = SCENARIOS[name]
  return `${name}\n  ${description}\n${expect.map(({ description: text }) => `  - ${text}\n`).join('')}`
}

function details(name: ScenarioName): string {
  const { title, description, steps, expect }: Scenario = SCENARIOS[name]
  const stepLines = steps.map(step => `  ${JSON.stringify(step)}\n`).join('')
  const expectations = expect.map(expectation => `  ${JSON.stringify(expectation)}\n`).join('')
  return `${title} (${name})\n${description}\n\nSteps, in ms after its start:\n${stepLines}\nExpectations:\n${expectations}`
}

function verdict({ expectation, value, met }: Finding): string {
  return `  ${met ? 'met    ' : 'NOT MET'}  ${expectation.description}: ${figure(expectation, value)}`
}

function figure({ measure, against }: Expectation, value: number): string {
  if (against !== undefined) return `${value.toFixed(2)} times`
  return measure === 'trades' || measure === 'sweptLevels' ? String(value) : `${(value * 100).toFixed(2)} %`
}
