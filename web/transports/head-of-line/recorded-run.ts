// The recorded run, shown where no laboratory is: real trials of tests/laboratory/head-of-line.test.ts in Chromium,
// which writes the file when UPDATE_RECORDING is set.

import type { HttpVersion } from '@papertape/protocol'
import type { LossTrial } from './loss-experiment.ts'
import { lossOutcome } from './order-of-arrival.ts'
import recording from './recorded-run.json' with { type: 'json' }

interface RecordedVersion {
  readonly connections: number
  readonly bytes: number
  /** Of each trial. */
  readonly ranOn: readonly number[]
  /** Of one trial: stream, number, milliseconds since the loss. */
  readonly sample: readonly (readonly number[])[]
}

const VERSIONS: Readonly<Record<HttpVersion, RecordedVersion>> = recording.versions

export const RECORDED_AT = new Date(recording.recordedAt)
export const RECORDED_WITH = recording.programs

/** How many of the other streams ran on in each trial. */
export function recordedCounts(version: HttpVersion): readonly number[] {
  return VERSIONS[version].ranOn
}

/** The trial whose arrivals were kept; its times count from the loss. */
export function recordedTrial(version: HttpVersion): LossTrial {
  const { connections, bytes, sample } = VERSIONS[version]
  const arrivals = sample.map(([lane = 0, number = 0, atMs = 0]) => ({ lane, number, atMs }))
  return { arrivals, loss: { version, bytes, connections, lostAtMs: 0 }, outcome: lossOutcome(arrivals) }
}
