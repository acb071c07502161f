// Days from a user's files: LOBSTER messages, with the orderbook file beside them if there is one, or the symbols of a
// tape.

import { existsSync } from 'node:fs'
import type { FeedEvent } from '@papertape/protocol'
import { createOrderbookParser, lobsterDay } from '../../analysis/days/lobster-day.ts'
import { collectTapeDays } from '../../analysis/days/tape-day.ts'
import { type InputFile, openInput } from '../../input/input-file.ts'
import { inputFailure, readAll, readReal, realFormatOf } from '../../input/open-replay.ts'
import type { MarketDay } from '../../order-flow/market-day.ts'
import { convertLine, parseHeader, type TapeHeader } from '../../recording/tape.ts'
import type { LobsterParserOptions } from '../../replay/lobster/messages.ts'
import { failed } from '../failure.ts'
import { readTapePieces } from '../tapes/tape-input.ts'

/** @throws {CliFailure} */
export async function readDays(file: string, options?: LobsterParserOptions): Promise<MarketDay[]> {
  const input = await openInput(file)
  const header = parseHeader(input.firstLine)
  if (header !== undefined) return readTape(input, header)
  if (realFormatOf(input) === 'lobster') return [await readLobster(input, options)]
  await input.close()
  throw failed(`${file} is neither a tape nor LOBSTER messages (SYMBOL_2012-06-21_…_message_….csv)`)
}

async function readTape(input: InputFile, header: TapeHeader): Promise<MarketDay[]> {
  const { file } = input
  const { startTime, from: firstSeq = 1 } = header
  const tape = collectTapeDays(header)
  let number = 1
  for await (const { text } of readTapePieces(input, { startTime, firstSeq }, Number.POSITIVE_INFINITY)) {
    for (const line of text.trimEnd().split('\n')) {
      tape.take(parseEvent(convertLine(line, header.lines, 'ndjson'), file, ++number))
    }
  }
  const days = tape.days()
  if (days.length === 0) throw failed(`${file} has no quotes and no trades`)
  return days
}

function parseEvent(line: string, file: string, number: number): FeedEvent {
  try {
    return JSON.parse(line) as FeedEvent
  } catch {
    throw failed(`${file} is damaged: line ${number} is not an event`)
  }
}

async function readLobster(input: InputFile, options?: LobsterParserOptions): Promise<MarketDay> {
  const data = await readReal(input, 'lobster', options)
  if (data.kind !== 'lobster') throw failed(`${input.file} is not a LOBSTER file`)
  const { symbol } = data.name
  const beside = input.file.replace('_message_', '_orderbook_')
  if (beside === input.file || !existsSync(beside)) return lobsterDay(symbol, data.messages)
  const orderbook = await openInput(beside)
  try {
    return lobsterDay(symbol, data.messages, await readAll(orderbook, createOrderbookParser()))
  } catch (error) {
    throw inputFailure(error, orderbook)
  }
}
