// Parses users' orders of a run: JSON lines such as `{"at":"10:15:00","type":"order.place",…}`, validated by the
// schemas of the order channel. For run, record and verify.

import { createHash } from 'node:crypto'
import type { Command } from '@papertape/protocol'
import Type, { type Static } from 'typebox'
import type { TimedCommand } from '../../recording/market-run.ts'
import { encodeEntry } from '../../recording/recording-text.ts'
import type { TapeHeader } from '../../recording/tape.ts'
import { type Invalid, messageValidator } from '../../run-options/message-validator.ts'
import { ACCOUNT_CASH, accountOpening, ORDER_MESSAGES, orderCommand } from '../../run-options/order-command.ts'
import { parseMoment, timeOfDay } from '../../run-options/time-of-day.ts'
import { failed } from '../failure.ts'

const AccountOpening = Type.Object(
  { type: Type.Literal('account.open'), cash: Type.Optional(Type.Number({ minimum: 0 })) },
  { additionalProperties: false },
)
const checkMessage = messageValidator({ 'account.open': AccountOpening, ...ORDER_MESSAGES })

type Run = Pick<TapeHeader, 'startTime' | 'midnightTime' | 'durationMs'>

export interface RunOrdersParser {
  /** The next line of the file. @throws {CliFailure} with the line number when it is not an order of this run. */
  take(line: string): void
  end(): readonly TimedCommand[]
}

export function createRunOrdersParser(file: string, run: Run): RunOrdersParser {
  const accounts = new Set<string>()
  const orders: TimedCommand[] = []
  let number = 0
  return {
    take(line) {
      number++
      if (line.trim() === '') return
      const invalid = (reason: string) => failed(`${file}: line ${number}: ${reason}`)
      const { at, accountId, ...message } = readObject(line, invalid)
      const time = readTime(at, run, invalid)
      if (time < (orders.at(-1)?.time ?? 0)) throw invalid('it is earlier than the line before')
      if (typeof accountId !== 'string' || accountId === '') throw invalid('accountId is missing')
      const command = readCommand(accountId, message, invalid)
      if (command.type === 'account.open') accounts.add(accountId)
      else if (!accounts.has(accountId)) throw invalid(`no account.open for the account ${accountId} before it`)
      orders.push({ time, command })
    },
    end: () => orders,
  }
}

/** The SHA-256 of the orders in a tape header. */
export function hashRunOrders(orders: readonly TimedCommand[]): string | null {
  if (orders.length === 0) return null
  const hash = createHash('sha256')
  for (const order of orders) hash.update(encodeEntry({ order }))
  return hash.digest('hex')
}

function readObject(line: string, invalid: Invalid): Record<string, unknown> {
  try {
    const value = JSON.parse(line)
    if (typeof value === 'object' && value !== null) return value
  } catch {}
  throw invalid('expected a JSON object')
}

function readTime(at: unknown, run: Run, invalid: Invalid): number {
  const { startTime, midnightTime, durationMs } = run
  const time = typeof at === 'string' ? parseMoment(at, midnightTime, startTime) : at
  if (!Number.isSafeInteger(time))
    throw invalid('at must be a time of day such as 10:15:00.250, or milliseconds since 1970')
  const endTime = startTime + durationMs
  if ((time as number) >= startTime && (time as number) < endTime) return time as number
  const [from, to] = [startTime, endTime].map(end => timeOfDay(end, midnightTime))
  throw invalid(`at is outside of the run, which is from ${from} to ${to}`)
}

function readCommand(accountId: string, message: Record<string, unknown>, invalid: Invalid): Command {
  checkMessage(message, invalid)
  if (message.type !== 'account.open') return orderCommand(accountId, message)
  const { cash = ACCOUNT_CASH } = message as Static<typeof AccountOpening>
  return accountOpening(accountId, { cash })
}
