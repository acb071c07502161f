// `npm run bench -- lockstep`: steps a second of a simulated market with one instrument, by the Python package over
// pipes, in turns with a peer that answers each request with what the market answered first. Ratios are to that peer.

import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { MissingProgram } from '../feed/fanload.ts'
import { medianOf } from '../measure.ts'
import { formatTable, writeResults } from '../report.ts'
import { isMet, type Threshold, thresholdTable } from '../thresholds.ts'

const ROUND_SECONDS = 3
const PYTHON = 'python3'
const STEPS = fileURLToPath(new URL('./steps.py', import.meta.url))
const ECHO = fileURLToPath(new URL('./echo-pipe.ts', import.meta.url))
const SIMULATOR = fileURLToPath(new URL('../../../simulators/src/cli/main.ts', import.meta.url))
const PACKAGE = fileURLToPath(new URL('../../../python/src', import.meta.url))

interface LockstepSteps {
  /** By contender, for each round. */
  readonly rounds: Readonly<Record<string, readonly (readonly [stepsPerSecond: number, processorUs: number])[]>>
  /** How long the beginning of an episode takes, by how it begins. */
  readonly episodeMs: Readonly<Record<string, number>>
}

/** @param rounds how often contenders take turns. */
export async function benchLockstep(rounds: number): Promise<boolean> {
  console.log(`${rounds} rounds of ${ROUND_SECONDS} s; processor time is that of client and server.\n`)
  const results = await runSteps(rounds)
  const rates = medians(results, 0)
  const processor = medians(results, 1)
  const rows = Object.keys(rates).map(name => [
    name,
    rates[name]!.toFixed(0),
    `${processor[name]!.toFixed(1)} us`,
    (rates[name]! / rates[name.includes('at once') ? 'echo, 16 at once' : 'echo']!).toFixed(2),
  ])
  console.log(formatTable([['a step', 'steps/s', 'processor', 'of the echo'], ...rows]))
  const episodes = Object.entries(results.episodeMs).map(([name, ms]) => [name, `${ms.toFixed(2)} ms`])
  console.log(`\n${formatTable([['beginning of an episode', 'takes'], ...episodes])}`)
  const thresholds: Threshold[] = [
    { name: 'steps of 10 ms a second', value: rates['10 ms'], atLeast: 20_000, decimals: 0 },
    { name: 'the same, relative to the echo', value: rates['10 ms']! / rates.echo!, atLeast: 0.6, decimals: 2 },
    { name: 'ms to reset an episode', value: results.episodeMs['reset, 10 s of warm-up'], atMost: 10, decimals: 2 },
  ]
  console.log(`\n${thresholdTable(thresholds)}`)
  const settings = { rounds, roundSeconds: ROUND_SECONDS, python: PYTHON }
  console.log(`Results: ${writeResults('lockstep', { thresholds, settings, ...results })}`)
  return thresholds.every(isMet)
}

function medians({ rounds }: LockstepSteps, column: 0 | 1): Record<string, number> {
  return Object.fromEntries(
    Object.entries(rounds).map(([name, each]) => [name, medianOf(each.map(row => row[column]))]),
  )
}

/** @throws {MissingProgram} without Python. */
async function runSteps(rounds: number): Promise<LockstepSteps> {
  const args = [STEPS, String(rounds), String(ROUND_SECONDS), process.execPath, SIMULATOR, ECHO]
  const env = { ...process.env, PYTHONPATH: PACKAGE, PYTHONDONTWRITEBYTECODE: '1' }
  const child = spawn(PYTHON, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', piece => {
    output += piece
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', () => reject(new MissingProgram(`lockstep needs ${PYTHON} 3.9 or later on the PATH`)))
    child.on('close', resolve)
  })
  if (code !== 0) throw new Error(`steps.py ended with ${code}`)
  return JSON.parse(output)
}
