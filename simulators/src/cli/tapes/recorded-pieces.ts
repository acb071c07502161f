// The tape pieces of a recording: repeats the run from its start or from the last snapshot before a position. Each
// stretch between two snapshots is compared with its recorded hash, which detects damage and other simulator versions.
// For replay and verify.

import { createHash } from 'node:crypto'
import { openSeededRun } from '../../recording/market-run.ts'
import { type TapePiece, tapePieces } from '../../recording/tape-pieces.ts'
import type { TapePosition } from '../../recording/tape-position.ts'
import { timeOfDay } from '../../run-options/time-of-day.ts'
import { failed } from '../failure.ts'
import { type Recording, readSnapshot, snapshotBefore } from './recording-file.ts'

/** @throws {CliFailure} when the run differs from the recorded one. */
export async function* recordedPieces(
  recording: Recording,
  position: TapePosition = { seq: 0 },
  sliceMs?: number,
): AsyncGenerator<TapePiece> {
  const { file, tape, orders, end } = recording
  const start = snapshotBefore(recording, position)
  const state = start === undefined ? undefined : (await readSnapshot(recording, start)).state
  const market = openSeededRun(tape, orders, { state })
  let hash = createHash('sha256')
  let next = start === undefined ? 0 : end.index.indexOf(start) + 1

  async function compare(): Promise<void> {
    const entry = end.index[next]
    const snapshot = entry === undefined ? undefined : await readSnapshot(recording, entry)
    const { seq, sha256 } = snapshot ?? { seq: end.events, sha256: end.sha256 }
    const isSame = seq === market.simulation.exchange.seq && sha256 === hash.digest('hex')
    if (isSame && (snapshot === undefined || JSON.stringify(snapshot.state) === JSON.stringify(market.save()))) return
    const times = [end.index[next - 1]?.time ?? tape.startTime, entry?.time ?? tape.startTime + tape.durationMs]
    const [since, until] = times.map(time => timeOfDay(time, tape.midnightTime))
    throw failed(
      `${file} differs from a run of its seed between ${since} and ${until}: it is damaged, or from another version`,
    )
  }

  for (const piece of tapePieces(tape, market, sliceMs)) {
    hash.update(piece.text)
    if (piece.atSnapshot) {
      await compare()
      hash = createHash('sha256')
      next++
    }
    yield piece
  }
  await compare()
}
