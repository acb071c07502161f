// `scenarios`: what can befall a simulated market, as a list; all of one; or a check that its tape shows what it must.

import { PRESETS } from '../facts/bars.ts'
import { isScenarioName, SCENARIO_NAMES, SCENARIOS, type ScenarioName } from '../scenarios/catalogue.ts'
import { checkScenario, type Finding } from '../scenarios/check.ts'
import type { Expectation, Scenario } from '../scenarios/scenario.ts'
import type { CommandLine } from './arguments.ts'
import { failed, usageFailure } from './failure.ts'
import { parseChoice, parseSeed } from './flag-values.ts'
import { unknownScenario } from './programme.ts'
import { RUN_PRESETS } from './run-plan.ts'

export async function scenarios({ operand: name, flags }: CommandLine): Promise<void> {
  if (name !== '' && !isScenarioName(name)) throw unknownScenario(name)
  if (flags.check !== true) {
    process.stdout.write(name === '' ? SCENARIO_NAMES.map(summary).join('\n') : whole(name))
    return
  }
  if (name === '') throw usageFailure('--check needs the NAME of a scenario')
  const seed = parseSeed((flags.seed as string | undefined) ?? '1')
  const preset = parseChoice('preset', (flags.preset as string | undefined) ?? 'mixed', RUN_PRESETS)
  const findings = checkScenario(name, { seed, preset: PRESETS.find(known => known === preset) })
  const lines = findings.map(finding => `${verdict(finding)}\n`)
  process.stdout.write(`${name}, seed ${seed}, ${preset}\n${lines.join('')}`)
  const unmet = findings.filter(({ met }) => !met).length
  if (unmet > 0) throw failed(`${unmet} of ${findings.length} expectations of ${name} are not met`)
}

function summary(name: ScenarioName): string {
  const { description, expect }: Scenario = SCENARIOS[name]
  return `${name}\n  ${description}\n${expect.map(({ says }) => `  - ${says}\n`).join('')}`
}

function whole(name: ScenarioName): string {
  const { title, description, steps, expect }: Scenario = SCENARIOS[name]
  const done = steps.map(step => `  ${JSON.stringify(step)}\n`).join('')
  const seen = expect.map(expectation => `  ${JSON.stringify(expectation)}\n`).join('')
  return `${title} (${name})\n${description}\n\nWhat happens, in ms from its start:\n${done}\nWhat must be seen:\n${seen}`
}

function verdict({ expectation, value, met }: Finding): string {
  return `  ${met ? 'met    ' : 'NOT MET'}  ${expectation.says}: ${figure(expectation, value)}`
}

function figure({ measure, against }: Expectation, value: number): string {
  if (against !== undefined) return `${value.toFixed(2)} times`
  return measure === 'trades' || measure === 'sweptLevels' ? String(value) : `${(value * 100).toFixed(2)} %`
}
