// Seeking in a tape: every position of files with lines of all lengths, and the flags --at and --from.

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { parseHeader } from '../../recording/tape.ts'
import type { TapePiece } from '../../recording/tape-pieces.ts'
import { isBefore, type TapePosition } from '../../recording/tape-position.ts'
import { CliFailure } from '../failure.ts'
import { testFolder } from '../testing/sim.ts'
import { findLine, fromPosition, parseTapePosition } from './tape-seek.ts'

const { path } = testFolder()
const HEADER = '{"format":"papertape"}\n'

/** Lines of 30 to 3,000 characters, some with the same time. */
function events(count: number): { seq: number; ts: number; line: string }[] {
  return Array.from({ length: count }, (_, i) => {
    const [seq, ts] = [i + 1, Math.floor((i * i) / 7) * 1000]
    return { seq, ts, line: `quote {"seq":${seq},"ts":${ts},"x":"${'x'.repeat((i * 7919) % 3000)}"}\n` }
  })
}

async function collect(pieces: AsyncIterable<TapePiece>): Promise<string> {
  let text = ''
  for await (const piece of pieces) {
    assert.equal(piece.text.split('\n').length - 1, piece.events)
    text += piece.text
  }
  return text
}

test('finds the line of every position, in the file and in the pieces', async () => {
  for (const count of [0, 1, 2, 3, 50, 211]) {
    const all = events(count)
    const file = path(`${count}.tape`)
    const text = HEADER + all.map(({ line }) => line).join('')
    writeFileSync(file, text)
    const positions: TapePosition[] = []
    for (let i = -1; i <= count + 2; i++)
      positions.push({ seq: i }, { time: Math.floor((i * i) / 7) }, { time: i * 31 })
    for (const position of positions) {
      const rest = all
        .filter(({ seq, ts }) => !isBefore(position, seq, ts))
        .map(({ line }) => line)
        .join('')
      const found = await findLine(file, position)
      assert.equal(text.slice(found), rest, `${JSON.stringify(position)} of ${count}`)
      const pieces: TapePiece[] = []
      for (let i = 0; i < count; i += 7) {
        const part = all.slice(i, i + 7)
        pieces.push({ text: part.map(({ line }) => line).join(''), time: 0, events: part.length, atSnapshot: false })
      }
      assert.equal(await collect(fromPosition(pieces, position)), rest)
    }
  }
})

test('a line without an end is an error', async () => {
  writeFileSync(
    path('cut.tape'),
    HEADER +
      events(40)
        .map(({ line }) => line)
        .join('')
        .trimEnd(),
  )
  await assert.rejects(findLine(path('cut.tape'), { seq: 40 }), /is damaged: a line at byte \d+ has no end/)
})

test('parses --at and --from', () => {
  const line =
    '{"format":"papertape","version":3,"lines":"tape","seed":7,"preset":null,"scenarios":[],"symbols":["A"],"startTime":1767623400000,"midnightTime":1767589200000,"durationMs":90000,"orders":null}'
  const header = parseHeader(line)!
  assert.equal(parseTapePosition({})(header), undefined)
  assert.deepEqual(parseTapePosition({ from: '77' })(header), { seq: 77 })
  assert.deepEqual(parseTapePosition({ from: 'k3v9x2ab-77' })(header), { seq: 77 })
  assert.deepEqual(parseTapePosition({ at: '9:30:05' })(header), { time: header.startTime + 5000 })
  assert.deepEqual(parseTapePosition({ at: '09:30:05.25' })(header), { time: header.startTime + 5250 })
  assert.deepEqual(parseTapePosition({ at: '10:00' })(header), { time: header.startTime + 1_800_000 })
  assert.deepEqual(parseTapePosition({ at: '1h30m' })(header), { time: header.startTime + 5_400_000 })
  assert.deepEqual(parseTapePosition({ at: '+90s' })(header), { time: header.startTime + 90_000 })
  // The first such time after the start is on the next day.
  assert.deepEqual(parseTapePosition({ at: '09:29:59' })(header), { time: header.startTime + 86_399_000 })
  const refused: readonly [flags: Record<string, string>, message: RegExp][] = [
    [{ from: 'x' }, /--from takes the number or the id of an event, not "x"/],
    [{ from: '-5' }, /--from takes/],
    [{ at: 'noon' }, /--at takes a time of day such as 13:37:05/],
    [{ at: '24:00:00' }, /--at takes/],
    [{ at: '09:30:05', from: '7' }, /exclude each other/],
  ]
  for (const [flags, message] of refused) {
    assert.throws(
      () => parseTapePosition(flags)(header),
      (error: unknown) => error instanceof CliFailure && error.exitCode === 2 && message.test(error.message),
    )
  }
})
