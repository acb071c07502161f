// The days that a user names as files: LOBSTER messages, with the orderbook file beside them when there is one, or a tape of
// ours, which holds trades and quotes of several symbols. Trouble with a file becomes one clear line.

import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import type { FeedEvent } from '@papertape/protocol'
import { readLobsterDay } from '../flow/lobster-day.ts'
import type { MarketDay } from '../flow/market-day.ts'
import { collectTapeDays } from '../flow/tape-day.ts'
import { parseLobsterFileName } from '../lobster/file-name.ts'
import { LobsterError } from '../lobster/lobster-error.ts'
import { convertLine, parseHeader } from '../tape.ts'
import { failed } from './failure.ts'
import { readFirstLine, readTapePieces, readText } from './tape-input.ts'

/** @throws {CliFailure} */
export async function readDays(file: string): Promise<MarketDay[]> {
  const header = file.endsWith('.gz') ? undefined : parseHeader(await readFirstLine(file))
  if (header === undefined) {
    if (file.includes('_message_')) return [await readLobster(file)]
    throw failed(`${file} is neither a tape of ours nor LOBSTER messages (SYMBOL_2012-06-21_…_message_….csv)`)
  }
  const tape = collectTapeDays(header)
  let number = 1
  for await (const { text } of readTapePieces(file, header.startTime, Number.POSITIVE_INFINITY)) {
    for (const line of text.trimEnd().split('\n')) {
      tape.take(parseEvent(convertLine(line, header.lines, 'ndjson'), file, ++number))
    }
  }
  const days = tape.days()
  if (days.length === 0) throw failed(`${file} holds no quotes and no trades`)
  return days
}

function parseEvent(line: string, file: string, number: number): FeedEvent {
  try {
    return JSON.parse(line) as FeedEvent
  } catch {
    throw failed(`${file} is damaged: line ${number} is not an event`)
  }
}

async function readLobster(file: string): Promise<MarketDay> {
  const beside = file.replace('_message_', '_orderbook_')
  try {
    const { symbol } = parseLobsterFileName(basename(file))
    const orderbook = existsSync(beside) ? await readText(beside) : undefined
    return readLobsterDay(symbol, await readText(file), orderbook)
  } catch (error) {
    if (error instanceof LobsterError) throw failed(`${file}: ${error.message}`)
    throw error
  }
}
