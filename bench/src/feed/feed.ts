// `npm run bench -- feed`: what it costs to send the feed to a thousand readers, against peers that send the same
// batches, and how far the feed goes: events a second, readers, memory of a connection, subscriptions that differ,
// bytes on the disk. The cases are in files of their own; the load comes from `fanload`, which is not the project's.

import { cpus, loadavg } from 'node:os'
import { writeResults } from '../report.ts'
import { makeFolder, pinThisProcess, removeFolder } from '../server-process.ts'
import { isMet, type Threshold, thresholdTable } from '../thresholds.ts'
import { measureCapacity } from './capacity.ts'
import { measureClasses } from './classes.ts'
import { measureDurable } from './durability/durable.ts'
import { measureMaintenance } from './durability/maintenance.ts'
import { measureFanOut } from './fan-out.ts'
import { compileFanload, GENERATOR_CORE } from './fanload.ts'
import type { CaseResult, FeedTools } from './feed-case.ts'
import { measureIdle } from './idle.ts'
import { measureJournal } from './journal.ts'
import { measureMany } from './many.ts'
import { measureReplay } from './readers/replay.ts'
import { measureReturn } from './readers/return.ts'
import { measureSlow } from './readers/slow.ts'
import { measureStalled } from './readers/stalled.ts'

type MeasureCase = (tools: FeedTools) => Promise<CaseResult>

const CASES: Readonly<Record<string, MeasureCase>> = {
  'fan-out': measureFanOut,
  capacity: measureCapacity,
  many: measureMany,
  idle: measureIdle,
  classes: measureClasses,
  journal: measureJournal,
  durable: measureDurable,
  maintenance: measureMaintenance,
  replay: measureReplay,
  stalled: measureStalled,
  return: measureReturn,
  slow: measureSlow,
}

export const FEED_CASES: readonly string[] = Object.keys(CASES)

/**
 * @param names some of FEED_CASES
 * @throws MissingProgram
 */
export async function benchFeed(
  names: readonly string[],
  { rounds, minutes }: Pick<FeedTools, 'rounds' | 'minutes'>,
): Promise<boolean> {
  const folder = makeFolder()
  const fanload = compileFanload(folder)
  pinThisProcess(GENERATOR_CORE)
  const thresholds: Threshold[] = []
  const results: Record<string, object> = {}
  for (const name of FEED_CASES.filter(one => names.includes(one))) {
    const loadBefore = loadavg()[0]!
    console.log(`${name} (load of the machine before: ${loadBefore.toFixed(1)} on ${cpus().length} cores)`)
    const measured = await CASES[name]!({ fanload, folder, rounds, minutes })
    console.log()
    thresholds.push(...measured.thresholds)
    results[name] = { loadBefore, ...measured.results }
  }
  removeFolder(folder)
  console.log(thresholdTable(thresholds))
  const settings = { cases: names, rounds }
  console.log(`\nResults: ${writeResults('feed', { thresholds, settings, results })}`)
  return thresholds.every(isMet)
}
