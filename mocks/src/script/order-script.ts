// What happens to one order that a test has announced: `market.next({ symbol: 'VELTR' }).partialFill(3)`. A script says
// what happens; order-scripts.ts makes it happen.

import { CLOSE_CODES, type CloseCode, type NewOrder, REJECTS, type RejectCode } from '@papertape/protocol'
import { parseDurationMs } from '../parse-duration.ts'

/** Which order a script is for: the next one of which all of these fields are equal. */
export type OrderMatch = Partial<Pick<NewOrder, 'clientOrderId' | 'symbol' | 'side' | 'orderType' | 'size' | 'price'>>

/** How the connection of the order ends; `answered: false` means that the order does not reach the exchange. */
export interface ScriptedEnd {
  /** 1006: lost without a close frame. Over HTTP the request fails in any case. */
  readonly code: CloseCode
  /** The exchange has the order, and its answer is lost. */
  readonly isApplied: boolean
}

/** What a script says, without its methods: what arrives when it is sent in a message. */
export type OrderScriptFields = Pick<OrderScript, 'match' | 'delayMs' | 'refuse' | 'fillSize' | 'end'>

export class OrderScript {
  readonly match: OrderMatch
  /** How long the order is under way, of the market's clock. */
  delayMs = 0
  refuse: RejectCode | undefined
  /** How much of the order trades at once; undefined leaves it to the book. */
  fillSize: number | 'all' | undefined
  end: ScriptedEnd | undefined

  constructor(match: OrderMatch) {
    this.match = match
  }

  /** The order reaches the exchange later. @param duration `250ms`, `2s`, or milliseconds. */
  delay(duration: string | number): this {
    this.delayMs = parseDurationMs(duration)
    return this
  }

  /** The exchange refuses it with this code. */
  reject(code: RejectCode): this {
    if (!Object.hasOwn(REJECTS, code))
      throw new RangeError(`a reject is one of ${Object.keys(REJECTS).join(', ')}, not ${code}`)
    this.refuse = code
    return this
  }

  /** It trades at once, in full. */
  fill(): this {
    this.fillSize = 'all'
    return this
  }

  /** So much of it trades at once; the rest stays in the book or, of a market or IOC order, ends. */
  partialFill(size: number): this {
    if (!Number.isSafeInteger(size) || size < 1) throw new RangeError(`a fill is a whole size from 1, not ${size}`)
    this.fillSize = size
    return this
  }

  /** None of it trades at once. */
  rest(): this {
    this.fillSize = 0
    return this
  }

  /** The exchange has the order, but the connection is lost before its answer. */
  loseAck(): this {
    this.end = { code: 1006, isApplied: true }
    return this
  }

  /** The connection is lost before the exchange has the order. */
  cut(): this {
    this.end = { code: 1006, isApplied: false }
    return this
  }

  /** The connection is closed with this code before the exchange has the order. */
  close(code: CloseCode): this {
    if (!Object.hasOwn(CLOSE_CODES, code)) {
      throw new RangeError(`a connection is closed with one of ${Object.keys(CLOSE_CODES).join(', ')}, not ${code}`)
    }
    this.end = { code, isApplied: false }
    return this
  }
}

export function isMatch(match: OrderMatch, order: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(match).every(([name, value]) => order[name] === value)
}
