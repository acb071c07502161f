// A simulated run with its tape and its report at once: the pieces of the tape as `papertape-sim run` writes them, and
// the facts of its order flow. For the service's simulations. Opens no files.

import { instrumentsOf } from '../../market/instruments.ts'
import { PRESETS } from '../../market/preset.ts'
import { openSeededRun } from '../../recording/market-run.ts'
import type { TapeHeader } from '../../recording/tape.ts'
import { type TapePiece, tapePieces } from '../../recording/tape-pieces.ts'
import { recordDays } from '../days/record-days.ts'
import { measureDay } from '../facts/measure-day.ts'
import { regimeOf, type Sample, sampleOf } from '../report/sample.ts'

export interface BatchRun {
  /** To be read to its end before report(). */
  readonly pieces: Iterable<TapePiece>
  /** Each symbol is a day of the sample. Takes about as long as the run when days are short. */
  report(): Sample
}

/** @param sliceMs market time of a piece, at most: progress can be reported between two pieces. */
export function openBatchRun(header: TapeHeader, sliceMs: number): BatchRun {
  const preset = PRESETS.find(name => name === header.preset)
  const days = recordDays(instrumentsOf(header.symbols, preset, header.configuration), header)
  const run = openSeededRun(header, [], { observer: days })
  return {
    pieces: tapePieces(header, run, sliceMs),
    report() {
      const measured = days.days().map(day => measureDay(day))
      const origin = `Seed ${header.seed}, ${header.symbols.join(', ')}`
      const terms = { name: header.preset ?? '', origin, preset: preset ?? regimeOf(measured), isSimulated: false }
      return sampleOf(terms, measured, header.symbols)
    },
  }
}
