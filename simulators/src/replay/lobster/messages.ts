// Parses a LOBSTER message file into columns and checks each line. Takes lines; opens no files.
// Columns of the file: seconds after midnight, type, order id, size, price x 10,000, direction.

import { DAY_MS } from '../../time-units.ts'
import { growColumns } from '../columns.ts'
import { wholeNumber } from '../decimals.ts'
import { IdSet } from '../id-set.ts'
import { LobsterError, type LobsterErrorCode } from './lobster-error.ts'

export const MESSAGE = { add: 1, reduce: 2, remove: 3, execute: 4, executeHidden: 5, cross: 6, halt: 7 } as const
/** The price of a halt message. */
export const HALT = { halted: -1, quoting: 0, trading: 1 } as const

/** Row i of each column is message i. */
export interface LobsterMessages {
  readonly count: number
  /** Milliseconds after midnight, truncated to microseconds. */
  readonly timesMs: Float64Array
  readonly types: Uint8Array
  readonly orderIds: Float64Array
  readonly sizes: Int32Array
  /** Ten-thousandths of the currency; for a halt message one of HALT. */
  readonly prices: Float64Array
  /** 1: the order buys, -1: it sells. */
  readonly directions: Int8Array
}

export interface LobsterParser {
  /** The next line, without its end. @throws {LobsterError} when it is not a message. */
  take(line: string): void
  /** @throws {LobsterError} when there was no message. */
  end(): LobsterMessages
}

const COLUMNS = ['seconds after midnight', 'type', 'order id', 'size', 'price', 'direction'] as const
const SIZE_MAX = 2 ** 31 - 1

interface LobsterRow {
  readonly type: number
  readonly orderId: number
  readonly size: number
  readonly price: number
  readonly direction: number
}

export interface LobsterParserOptions {
  /** Ignores what follows the six columns of LOBSTER, as some vendors' files have it. */
  readonly extraColumns?: boolean
}

export function createLobsterParser({ extraColumns = false }: LobsterParserOptions = {}): LobsterParser {
  const columns = growColumns({
    timesMs: Float64Array,
    types: Uint8Array,
    orderIds: Float64Array,
    sizes: Int32Array,
    prices: Float64Array,
    directions: Int8Array,
  })
  const added = new IdSet()
  let count = 0
  let line = 0
  let lastTimeMs = 0
  /** The first blank line since the last message: blank lines are allowed only at the end. */
  let blankLine = 0

  return {
    take(text) {
      line++
      if (text.trim() === '') {
        blankLine ||= line
        return
      }
      if (blankLine > 0) throw new LobsterError('columns', 'blank line before other messages: delete it', blankLine)
      const fields = text.split(',')
      const isTooLong = fields.length > COLUMNS.length && !extraColumns
      if (fields.length < COLUMNS.length || isTooLong) throw columnsError(fields, line)
      const timeMs = milliseconds(fields[0]!, line)
      if (timeMs < lastTimeMs) {
        throw new LobsterError(
          'time-order',
          'expected messages in order of time, this one is before the previous',
          line,
        )
      }
      const row = checkRow(fields, line)
      if (row.type === MESSAGE.add && !added.add(row.orderId)) {
        throw new LobsterError('order-id', `order ${row.orderId} was added before: an id is added once a day`, line)
      }
      lastTimeMs = timeMs
      const { timesMs, types, orderIds, sizes, prices, directions } = columns.at(count)
      timesMs[count] = timeMs
      types[count] = row.type
      orderIds[count] = row.orderId
      sizes[count] = row.size
      prices[count] = row.price
      directions[count] = row.direction
      count++
    },
    end() {
      if (count === 0) throw new LobsterError('empty', 'the file holds no messages')
      return { count, ...columns.cut(count) }
    },
  }
}

/** Parses a whole text. @throws {LobsterError} at the first line that is not a message. */
export function parseLobster(text: string, options?: LobsterParserOptions): LobsterMessages {
  const parser = createLobsterParser(options)
  for (const line of text.split('\n')) parser.take(line)
  return parser.end()
}

function columnsError(fields: readonly string[], line: number): LobsterError {
  const expected = `${COLUMNS.length} columns (${COLUMNS.join(', ')})`
  const more =
    fields.length > COLUMNS.length
      ? ': cut -d, -f1-6 keeps the first six, papertape-sim --extra-columns ignores the others'
      : ''
  return new LobsterError('columns', `expected ${expected}, found ${fields.length}${more}`, line)
}

/** Computed from the digits: 34200.004 as a double times 1000 may be less than a whole number. */
function milliseconds(field: string, line: number): number {
  const match = /^\s*(\d{1,5})(?:\.(\d{1,12}))?\s*$/.exec(field)
  const timeMs =
    match === null
      ? DAY_MS
      : (Number(match[1]) * 1_000_000 + Number((match[2] ?? '').slice(0, 6).padEnd(6, '0'))) / 1000
  if (timeMs < DAY_MS) return timeMs
  const hint = line === 1 && /^[a-z]/i.test(field.trim()) ? ': delete the header line' : ''
  throw new LobsterError('number', `expected seconds after midnight, below 86400, found "${field}"${hint}`, line)
}

function checkRow(fields: readonly string[], line: number): LobsterRow {
  const [type, orderId, size, price, direction] = [1, 2, 3, 4, 5].map(column => fieldNumber(fields, column, line)) as [
    number,
    number,
    number,
    number,
    number,
  ]
  const fail = (code: LobsterErrorCode, text: string): never => {
    throw new LobsterError(code, text, line)
  }
  if (type < MESSAGE.add || type > MESSAGE.halt) {
    fail('message-type', `expected a message type from 1 to 7, found ${type}`)
  }
  if (type === MESSAGE.halt) {
    if (price < HALT.halted || price > HALT.trading) {
      fail('number', `expected -1 (halt), 0 (quoting) or 1 (trading) as the price of a halt, found ${price}`)
    }
    return { type, orderId, size: 0, price, direction: -1 }
  }
  if (direction !== 1 && direction !== -1) {
    fail('direction', `expected 1 (buy) or -1 (sell) as direction, found ${direction}`)
  }
  if (orderId < 1 && type <= MESSAGE.execute) fail('order-id', `expected an order id above 0, found ${orderId}`)
  // A cross may have size 0.
  const least = type === MESSAGE.cross ? 0 : 1
  if (size < least || price < least) fail('number', 'expected a size and a price above 0')
  if (size > SIZE_MAX) fail('number', `expected a size of at most ${SIZE_MAX}, found ${size}`)
  return { type, orderId, size, price, direction }
}

function fieldNumber(fields: readonly string[], column: number, line: number): number {
  const value = wholeNumber(fields[column]!)
  if (!Number.isNaN(value)) return value
  throw new LobsterError(
    'number',
    `expected a whole number as ${COLUMNS[column]}, found "${fields[column]!.trim()}"`,
    line,
  )
}
