// The engine against flash1-dev/matching-engine-benchmark, written by others: the SHA-256 of every report line of its
// workload `normal` (two million messages), and 34 hard cases with the best prices after every message.
// An adapter puts its message semantics onto ours; it is the only difference between the two.

import { deepEqual, equal } from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { brotliDecompressSync } from 'node:zlib'
import { INSTRUCTION } from './codes.ts'
import { createMatchingEngine } from './matching-engine.ts'

const DATA = new URL('../../../shared/data/flash1/', import.meta.url)
const NORMAL = new URL('normal_seed23_count1000000.col.br', DATA)
const EDGE_CASES = new URL('edge_cases.json', DATA)
const NORMAL_SHA256 = 'e9b2e3926854410b01a035aeb25dd05f1e597c233be8263de9eb49b6713d367e'
const skip = existsSync(DATA) ? false : '../shared/data/flash1 is not there'

const MESSAGE = { new: 0, cancel: 1, modify: 2 } as const
const REPORT = { accepted: 0, fill: 1, cancelled: 2, modified: 3, cancelRefused: 4, modifyRefused: 5 } as const

/** flash1's order gateway: a modify leaves the book first and always loses its place; reports are lines of text. */
class Flash1Gateway {
  readonly engine = createMatchingEngine({ symbols: [{ priceTicksMax: 1 << 20 }], ordersMax: 1 << 16 })
  #sequence = 0

  send(type: number, side: number, ioc: number, quantity: number, id: number, price: number, report: Report): void {
    const sequence = this.#sequence++
    if (type === MESSAGE.new) {
      report(`${REPORT.accepted},${sequence},${side},${id},${price},${quantity}`)
      this.#enter(sequence, side, id, price, quantity, ioc, report)
    } else if (type === MESSAGE.cancel) {
      const restingPrice = this.engine.priceOf(id)
      const restingSide = this.engine.sideOf(id)
      if (this.engine.cancel(id) < 0) report(`${REPORT.cancelRefused},${sequence},${id}`)
      else report(`${REPORT.cancelled},${sequence},${restingSide},${id},${restingPrice}`)
    } else {
      const restingSide = this.engine.sideOf(id)
      if (this.engine.cancel(id) < 0) {
        report(`${REPORT.modifyRefused},${sequence},${id}`)
        return
      }
      // Reports within a message are ordered by type: fills come before the line that says modified.
      this.#enter(sequence, restingSide, id, price, quantity, 0, report)
      report(`${REPORT.modified},${sequence},${restingSide},${id},${price},${quantity}`)
    }
  }

  #enter(sequence: number, side: number, id: number, price: number, size: number, ioc: number, report: Report): void {
    const { engine } = this
    const instruction = ioc ? INSTRUCTION.immediateOrCancel : INSTRUCTION.rest
    engine.place(0, id, 0, side, price, size, instruction)
    const { events } = engine
    let filledLots = 0
    for (let at = 0; at < events.count; at++) {
      const lots = events.sizeLots(at)
      filledLots += lots
      report(`${REPORT.fill},${sequence},${events.priceTicks(at)},${lots},${events.makerId(at)},${events.takerId(at)}`)
    }
    if (ioc && filledLots < size) report(`${REPORT.cancelled},${sequence},${side},${id},${price}`)
  }
}

type Report = (line: string) => void

test('the workload normal gives the published hash', { skip }, () => {
  const bytes = brotliDecompressSync(readFileSync(NORMAL))
  const messages = bytes.length / 11
  const columns = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)
  const quantities = new DataView(columns, messages)
  const ids = new DataView(columns, messages * 3)
  const prices = new DataView(columns, messages * 7)
  const gateway = new Flash1Gateway()
  const hash = createHash('sha256')
  let lines: string[] = []
  let separator = ''
  const flush = () => {
    hash.update(separator + lines.join('\n'))
    separator = '\n'
    lines = []
  }
  for (let at = 0; at < messages; at++) {
    const flags = bytes[at]!
    const [quantity, id, price] = [
      quantities.getUint16(at * 2, true),
      ids.getUint32(at * 4, true),
      prices.getInt32(at * 4, true),
    ]
    gateway.send(flags & 3, (flags >> 2) & 1, (flags >> 3) & 1, quantity, id, price, line => lines.push(line))
    if (lines.length > 10_000) flush()
  }
  flush()
  equal(hash.digest('hex'), NORMAL_SHA256)
})

type Message = [type: number, side: number, ioc: number, quantity: number, id: number, price: number]
interface EdgeCase {
  readonly messages: readonly Message[] | string
  readonly reports: readonly string[] | number
  readonly bbo_after_each: readonly (readonly [bid: number | null, ask: number | null])[]
}

const edgeCases = skip ? {} : (JSON.parse(readFileSync(EDGE_CASES, 'utf8')).cases as Record<string, EdgeCase>)

test('there are 34 edge cases', { skip }, () => equal(Object.keys(edgeCases).length, 34))

for (const [name, edgeCase] of Object.entries(edgeCases)) {
  test(`edge case ${name}`, () => {
    const gateway = new Flash1Gateway()
    const reports: string[] = []
    const bestPrices: unknown[] = []
    for (const message of messagesOf(edgeCase)) {
      gateway.send(...message, line => reports.push(line))
      bestPrices.push([gateway.engine.bestBid(0) || null, gateway.engine.bestAsk(0) || null])
    }
    if (typeof edgeCase.reports === 'number') {
      // The one long case gives its reports and best prices by number and in words.
      equal(reports.length, edgeCase.reports)
      deepEqual(bestPrices.at(-1), [null, null])
      return
    }
    deepEqual(reports, edgeCase.reports)
    deepEqual(bestPrices, edgeCase.bbo_after_each)
  })
}

function messagesOf({ messages }: EdgeCase): readonly Message[] {
  if (typeof messages !== 'string') return messages
  equal(messages, 'NEW(i,SELL,1,100) i=1..5000, then NEW(5001,BUY,5000,100,ioc=1)')
  const sells = Array.from({ length: 5000 }, (_, index): Message => [MESSAGE.new, 1, 0, 1, index + 1, 100])
  return [...sells, [MESSAGE.new, 0, 1, 5000, 5001, 100]]
}
