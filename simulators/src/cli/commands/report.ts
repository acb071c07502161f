// `report`: measures days, simulated or from files, and prints a table, JSON and an HTML page. Fails when a fact
// misses its target.

import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { basename, join } from 'node:path'
import { factOf } from '../../analysis/facts/fact-targets.ts'
import { type DayMeasures, measureDay } from '../../analysis/facts/measure-day.ts'
import { reportPage } from '../../analysis/report/page.ts'
import { regimeOf, type Sample, sampleOf, tally } from '../../analysis/report/sample.ts'
import { textTable, titleOf } from '../../analysis/report/text-table.ts'
import { PRESETS, type Preset } from '../../market/preset.ts'
import { HOUR_MS } from '../../time-units.ts'
import type { CommandLine } from '../arguments.ts'
import { failed, Interruption, usageFailure, writeFailure } from '../failure.ts'
import { parseChoice, parseCount, parseDuration, parseSeed } from '../options/flag-values.ts'
import { createProgress } from '../output/progress.ts'
import { printResults, STDOUT } from '../output/std-streams.ts'
import { openTextOutput, refuseToReplace } from '../output/text-output.ts'
import { readDays } from './day-files.ts'
import { measureDays } from './day-pool.ts'

const MINUTE_MS = 60_000
const SEEDS_MOST = 10_000
const WORKERS_MOST = 256

interface Outputs {
  readonly html: string | undefined
  readonly json: string | undefined
}

export async function report({ operands, flags }: CommandLine, signal: AbortSignal): Promise<void> {
  const text = (name: string) => flags[name] as string | undefined
  const presetText = text('preset')
  const preset = presetText === undefined ? undefined : parseChoice('preset', presetText, PRESETS)
  const outputs = outputsOf(text('out'), text('html'), text('json'))
  for (const file of [outputs.html, outputs.json]) if (file !== undefined) refuseToReplace(file, flags.force === true)
  const samples =
    operands.length > 0
      ? [await sampleOfFiles(operands, preset, flags, signal)]
      : await sampleSeeds(preset === undefined ? PRESETS : [preset], flags, signal)
  await write(outputs, samples)
  const files = [outputs.html, outputs.json].filter(file => file !== undefined)
  const out = files.find(file => file === STDOUT)
  for (const sample of samples) await printResults(`${textTable(sample)}\n`, out)
  for (const file of files) if (file !== STDOUT) await printResults(`file ${file}\n`, out)
  failOnMissed(samples)
}

function outputsOf(folder: string | undefined, html: string | undefined, json: string | undefined): Outputs {
  if (folder === STDOUT || (html === STDOUT && json === STDOUT)) {
    throw usageFailure('only one of --html - and --json - can go to standard output; --out is a folder')
  }
  const inside = (name: string) => (folder === undefined ? undefined : join(folder, name))
  return { html: html ?? inside('report.html'), json: json ?? inside('report.json') }
}

async function sampleSeeds(
  presets: readonly Preset[],
  flags: CommandLine['flags'],
  signal: AbortSignal,
): Promise<Sample[]> {
  const text = (name: string, standard: string) => (flags[name] as string | undefined) ?? standard
  const seeds = parseCount('seeds', text('seeds', '20'), SEEDS_MOST)
  const firstSeed = parseSeed(text('seed-from', '1'), 'seed-from')
  const durationMs = parseDuration(text('duration', '6.5h'))
  const workers = parseCount('workers', text('workers', String(availableParallelism())), WORKERS_MOST)
  // The presets share the draws of a seed, so that days of one seed are no independent evidence.
  const firstOf = (preset: Preset) => firstSeed + presets.indexOf(preset) * seeds
  const days = presets.flatMap(preset =>
    Array.from({ length: seeds }, (_, i) => ({ preset, seed: firstOf(preset) + i, durationMs })),
  )
  const format = (time: number) => `${Math.round(time / durationMs)} of ${days.length} days`
  const progress = createProgress(process.stderr, { startTime: 0, endTime: days.length * durationMs, format })
  let done = 0
  let events = 0
  try {
    const measured = await measureDays(days, workers, signal, more => {
      events += more
      progress.report(++done * durationMs, events)
    })
    return presets.map((preset, i) => {
      const first = firstOf(preset)
      const names = Array.from({ length: seeds }, (_, day) => `seed ${first + day}`)
      const origin = `Seeds ${first} to ${first + seeds - 1}, ${formatDuration(durationMs)} each`
      const measures = measured.slice(i * seeds, (i + 1) * seeds)
      return sampleOf({ name: preset, origin, preset, isSimulated: true }, measures, names)
    })
  } finally {
    progress.end()
  }
}

async function sampleOfFiles(
  files: readonly string[],
  preset: Preset | undefined,
  flags: CommandLine['flags'],
  signal: AbortSignal,
): Promise<Sample> {
  for (const flag of ['seeds', 'seed-from', 'duration', 'workers']) {
    if (flags[flag] !== undefined) throw usageFailure(`--${flag} is for simulated days, not for files`)
  }
  const measured: DayMeasures[] = []
  const dayNames: string[] = []
  for (const file of files) {
    for (const day of await readDays(file, { extraColumns: flags['extra-columns'] === true })) {
      measured.push(measureDay(day))
      dayNames.push(`${basename(file)} ${day.symbol}`)
    }
    if (signal.aborted) throw new Interruption()
  }
  const names = files.map(file => basename(file)).join(', ')
  const target = preset ?? regimeOf(measured)
  const count = measured.length === 1 ? 'One day' : `${measured.length} days`
  const origin = `${count}, judged as ${target}`
  return sampleOf({ name: names, origin, preset: target, isSimulated: false }, measured, dayNames)
}

async function write({ html, json }: Outputs, samples: readonly Sample[]): Promise<void> {
  const origin = { command: ['papertape-sim', ...process.argv.slice(2)].join(' '), version: packageVersion() }
  if (json !== undefined)
    await writeWhole(json, `${JSON.stringify({ format: 'papertape-report', ...origin, samples }, null, 2)}\n`)
  if (html !== undefined) await writeWhole(html, reportPage(samples, origin))
}

async function writeWhole(file: string, text: string): Promise<void> {
  try {
    if (file !== STDOUT) await mkdir(join(file, '..'), { recursive: true })
  } catch (error) {
    throw writeFailure(error, file)
  }
  const output = await openTextOutput(file)
  try {
    await output.write(text)
    await output.finish()
  } catch (error) {
    await output.discard()
    throw error
  }
}

function formatDuration(durationMs: number): string {
  if (durationMs >= HOUR_MS) return `${Number((durationMs / HOUR_MS).toFixed(2))} h`
  return durationMs >= MINUTE_MS ? `${Number((durationMs / MINUTE_MS).toFixed(2))} min` : `${durationMs / 1000} s`
}

/** @throws {CliFailure} with the facts that miss their target. */
function failOnMissed(samples: readonly Sample[]): void {
  const missed = samples.flatMap(sample =>
    tally(sample).failed.map(({ fact }) => `${titleOf(factOf(fact))}${samples.length > 1 ? ` (${sample.name})` : ''}`),
  )
  const facts = missed.length === 1 ? 'fact is' : 'facts are'
  if (missed.length > 0) throw failed(`${missed.length} ${facts} outside the target: ${missed.join('; ')}`)
}

function packageVersion(): string {
  return JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')).version
}
