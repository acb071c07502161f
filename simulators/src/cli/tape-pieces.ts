// A tape as a series of pieces of text, made while it is read: header first, then the events of a simulation. Constant
// memory however long the run. For run, replay and verify, which must get the very same bytes.

import { selectInstruments } from '../instruments.ts'
import { createMarket } from '../market.ts'
import { createSimulation, type Simulation } from '../simulation.ts'
import { encodeHeader, encodeLine, TAPE_VERSION, type TapeFormat, type TapeHeader } from '../tape.ts'

export interface TapePiece {
  readonly text: string
  /** Market time that it reaches. */
  readonly time: number
  readonly events: number
}

/** A Monday's opening in New York (2026-01-05T14:30:00Z); fixed, so that a seed alone makes the bytes. */
export const START_TIME = 1_767_623_400_000
const PIECE_CHARACTERS = 1 << 16

export function marketHeader(seed: number, symbols: number, durationMs: number, lines: TapeFormat): TapeHeader {
  const names = selectInstruments(symbols).map(spec => spec.symbol)
  const startTime = START_TIME
  return { format: 'papertape', version: TAPE_VERSION, lines, seed, symbols: names, startTime, durationMs }
}

export function marketOf(header: TapeHeader): Simulation {
  const { seed, symbols, startTime } = header
  return createSimulation(createMarket({ seed: seed!, instruments: selectInstruments(symbols.length), startTime }))
}

/** @param sliceMs a piece ends after so much market time; for a run that is paced. */
export function* tapePieces(header: TapeHeader, simulation: Simulation, sliceMs: number): Generator<TapePiece> {
  const { startTime, durationMs, lines } = header
  const endTime = startTime + durationMs
  let text = encodeHeader(header)
  let events = 0
  let sliceEnd = startTime + sliceMs
  const take = () => {
    for (const event of simulation.takeEvents()) {
      text += encodeLine(event, lines)
      events++
    }
  }
  for (;;) {
    const next = simulation.source.nextTime ?? endTime
    if (text.length >= PIECE_CHARACTERS || next >= sliceEnd) {
      yield { text, time: Math.min(next, endTime), events }
      text = ''
      events = 0
      sliceEnd = next + sliceMs
    }
    if (!simulation.step(endTime)) break
    take()
  }
  simulation.finish(endTime)
  take()
  yield { text, time: endTime, events }
}
