// `scenarios`: lists the scenarios, describes one, or checks its expectations.

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Finding } from '../../analysis/scenarios/check.ts'
import { symbolsOf } from '../../configuration/whole-configuration.ts'
import { PRESETS } from '../../market/preset.ts'
import type { Expectation, Scenario } from '../../market/scenarios/scenario.ts'
import { scenarioNames, scenarioOf } from '../../market/scenarios/scenario-of.ts'
import { runRules } from '../../rules/configured-rules.ts'
import { describeUnknownScenario } from '../../run-options/scenario-schedule.ts'
import type { CommandLine } from '../arguments.ts'
import { failed, Interruption, usageFailure } from '../failure.ts'
import { readConfiguration } from '../options/run-configuration.ts'
import { printResults } from '../output/std-streams.ts'
import type { ScenarioJob } from './scenario-worker.ts'

export async function scenarios({ operand: name, flags }: CommandLine, signal: AbortSignal): Promise<void> {
  const given = await readConfiguration(flags)
  const known = scenarioNames(given)
  if (name !== '' && !known.includes(name)) throw usageFailure(describeUnknownScenario(name, known))
  if (flags.check !== true) {
    const summaries = known.map(listed => summary(listed, scenarioOf(listed, given)))
    await printResults(name === '' ? summaries.join('\n') : details(name, scenarioOf(name, given)))
    return
  }
  if (name === '') throw usageFailure('--check needs the NAME of a scenario')
  const { seed = 1, preset = 'mixed' } = given
  const [symbol] = symbolsOf(given)
  // The heading comes first: the simulation takes a second or more.
  await printResults(`${name}, seed ${seed}, ${preset}\n`)
  const regime = PRESETS.find(one => one === preset)
  const options = { seed, symbol, preset: regime, settings: given, rules: runRules(given) }
  const findings = await check({ name, options }, signal)
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

function summary(name: string, { description, expect }: Scenario): string {
  return `${name}\n  ${description}\n${expect.map(({ description: text }) => `  - ${text}\n`).join('')}`
}

function details(name: string, { title, description, steps, expect }: Scenario): string {
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
