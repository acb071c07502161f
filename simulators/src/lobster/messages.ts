// A LOBSTER message file as columns. Reads text that somebody else has opened and unpacked; knows nothing of books.
// Columns of the file: seconds after midnight, type, order id, size, price x 10,000, direction.

import { LobsterError } from './lobster-error.ts'

export const MESSAGE = { add: 1, reduce: 2, remove: 3, execute: 4, executeHidden: 5, cross: 6, halt: 7 } as const

/** Row i of each column is message i. */
export interface LobsterMessages {
  readonly count: number
  /** Whole milliseconds after midnight, cut off, not rounded. */
  readonly timesMs: Int32Array
  /** The same with the fraction that the file gives: for measures, not for a market's clock. */
  readonly exactTimesMs: Float64Array
  readonly types: Uint8Array
  readonly orderIds: Float64Array
  readonly sizes: Int32Array
  /** Ten-thousandths of the currency. */
  readonly prices: Float64Array
  /** 1: the order buys, -1: it sells. */
  readonly directions: Int8Array
}

const COLUMNS = ['seconds after midnight', 'type', 'order id', 'size', 'price', 'direction'] as const

/** @throws {LobsterError} naming the first line that is not a message. */
export function parseLobster(text: string): LobsterMessages {
  const lines = text.split('\n')
  // A last line end is usual; an empty line anywhere else is an error.
  if (lines.at(-1)?.trim() === '') lines.pop()
  const count = lines.length
  if (count === 0) throw new LobsterError('empty', 'the file holds no messages')
  const messages = {
    count,
    timesMs: new Int32Array(count),
    exactTimesMs: new Float64Array(count),
    types: new Uint8Array(count),
    orderIds: new Float64Array(count),
    sizes: new Int32Array(count),
    prices: new Float64Array(count),
    directions: new Int8Array(count),
  }
  for (let i = 0; i < count; i++) {
    const fields = lines[i]!.split(',')
    const line = i + 1
    if (fields.length !== COLUMNS.length) {
      const expected = `${COLUMNS.length} columns (${COLUMNS.join(', ')})`
      throw new LobsterError('columns', `expected ${expected}, found ${fields.length}`, line)
    }
    messages.timesMs[i] = milliseconds(fields[0]!, line)
    messages.exactTimesMs[i] = Number(fields[0]) * 1000
    messages.types[i] = wholeNumber(fields, 1, line)
    messages.orderIds[i] = wholeNumber(fields, 2, line)
    messages.sizes[i] = wholeNumber(fields, 3, line)
    messages.prices[i] = wholeNumber(fields, 4, line)
    messages.directions[i] = wholeNumber(fields, 5, line)
    checkRow(messages, i)
  }
  return messages
}

/** The digits themselves: 34200.004 in a double times 1000 may fall short of a whole number. */
function milliseconds(field: string, line: number): number {
  const match = /^(\d{1,5})(?:\.(\d{1,12}))?$/.exec(field)
  if (match === null) throw new LobsterError('number', `expected seconds after midnight, found "${field}"`, line)
  return Number(match[1]) * 1000 + Number((match[2] ?? '').slice(0, 3).padEnd(3, '0'))
}

function wholeNumber(fields: readonly string[], column: number, line: number): number {
  const field = fields[column]!.trimEnd()
  const value = Number(field)
  if (field === '' || !Number.isSafeInteger(value)) {
    throw new LobsterError('number', `expected a whole number as ${COLUMNS[column]}, found "${field}"`, line)
  }
  return value
}

function checkRow(messages: LobsterMessages, row: number): void {
  const type = messages.types[row]!
  const line = row + 1
  if (type < MESSAGE.add || type > MESSAGE.halt) {
    throw new LobsterError('message-type', `expected a message type from 1 to 7, found ${type}`, line)
  }
  const direction = messages.directions[row]!
  if (type !== MESSAGE.halt && direction !== 1 && direction !== -1) {
    throw new LobsterError('direction', `expected 1 (buy) or -1 (sell) as direction, found ${direction}`, line)
  }
  if (type <= MESSAGE.executeHidden && (messages.sizes[row]! < 1 || messages.prices[row]! < 1)) {
    throw new LobsterError('number', 'expected a size and a price above 0', line)
  }
  if (row > 0 && messages.timesMs[row]! < messages.timesMs[row - 1]!) {
    throw new LobsterError('time-order', 'expected messages in order of time, this one is before the last', line)
  }
}
