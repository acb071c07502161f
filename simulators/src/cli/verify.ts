// `verify`: makes a tape again from the seed in its header and compares every byte. Says where the first difference is.

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { INSTRUMENTS } from '../instruments.ts'
import { parseHeader, type TapeHeader } from '../tape.ts'
import type { CommandLine } from './arguments.ts'
import { createComparison } from './comparison.ts'
import { failed } from './failure.ts'
import { paced } from './pacing.ts'
import { createProgress } from './progress.ts'
import { readFirstLine } from './tape-input.ts'
import { marketOf, tapePieces } from './tape-pieces.ts'

export async function verify({ operand: file }: CommandLine, signal: AbortSignal): Promise<void> {
  const header = await readHeader(file)
  process.stdout.write(`seed ${header.seed}\n`)
  const endTime = header.startTime + header.durationMs
  const progress = createProgress(process.stderr, { startTime: header.startTime, endTime })
  const hash = createHash('sha256')
  const found = createReadStream(file)[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  const comparison = createComparison(found, file)
  let events = 0
  try {
    const pieces = tapePieces(header, marketOf(header), Number.POSITIVE_INFINITY)
    for await (const piece of paced(pieces, header.startTime, undefined, signal)) {
      const expected = Buffer.from(piece.text)
      hash.update(expected)
      await comparison.take(expected)
      events += piece.events
      progress.report(piece.time, events)
    }
    await comparison.end()
  } finally {
    progress.end()
    await found.return?.()
  }
  process.stdout.write(`events ${events}\nverified ${file}\nsha256 ${hash.digest('hex')}\n`)
}

async function readHeader(file: string): Promise<TapeHeader> {
  const line = await readFirstLine(file)
  const header = parseHeader(line)
  if (header === undefined) throw failed(`${file} is no tape of ours, or a damaged one: line 1 is not a tape's header`)
  if (header.seed === null) throw failed(`${file} is a replay of real data: there is no seed to run again`)
  const listed = INSTRUMENTS.slice(0, header.symbols.length).map(spec => spec.symbol)
  if (listed.length === 0 || listed.join() !== header.symbols.join()) {
    throw failed(`${file} has symbols that this simulator does not list: ${header.symbols.join(', ')}`)
  }
  return header
}
