// The engine against flash1-dev/matching-engine-benchmark, an independent test: the SHA-256 of all report lines of
// each of its five workloads (two million messages each), and 34 edge cases with the best prices after every message.
// An adapter translates its messages to the engine's commands. `normal` and the cases are read from ../shared/data;
// the other four from $PAPERTAPE_FLASH1, where flash1's generator has written static.bin, swing-25.bin, swing-40.bin
// and flash-crash.bin (`generator static static.bin`, and so on).

import { deepEqual, equal } from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { brotliDecompressSync } from 'node:zlib'
import { INSTRUCTION } from './codes.ts'
import { createMatchingEngine } from './matching-engine.ts'

const DATA = new URL('../../../../shared/data/flash1/', import.meta.url)
const NORMAL = new URL('normal_seed23_count1000000.col.br', DATA)
const EDGE_CASES = new URL('edge_cases.json', DATA)
const skip = existsSync(DATA) ? false : '../shared/data/flash1 is not there'

/** Published in its reference/correctness_hash.txt, for a million new orders of seed 23. */
const WORKLOAD_SHA256 = {
  static: '9803843ee404fc29c9a0aa5614f8f0d5a58b5c44fcac9ef89067886fcaaa30d1',
  normal: 'e9b2e3926854410b01a035aeb25dd05f1e597c233be8263de9eb49b6713d367e',
  'swing-25': '61a84be9469661bd039e00dbc9a7c011e70b6ace37aadfe60045ea083b05f4df',
  'swing-40': '3cb0175e7982ff09ea220d1feaee3844cf9116a5ce455757879dea1d880b9b9f',
  'flash-crash': 'cff8d3f94b709fc64a8b2058a6ca4fb6920364904796e46906895e362d2bb16b',
} as const

const MESSAGE = { new: 0, cancel: 1, modify: 2 } as const
const REPORT = { accepted: 0, fill: 1, cancelled: 2, modified: 3, cancelRefused: 4, modifyRefused: 5 } as const

/** flash1's order gateway: a modify always loses its place; reports are lines of text. */
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

for (const [name, sha256] of Object.entries(WORKLOAD_SHA256)) {
  const generated = `${process.env.PAPERTAPE_FLASH1 ?? ''}/${name}.bin`
  const isGenerated = existsSync(generated)
  const missing = name === 'normal' ? skip : '$PAPERTAPE_FLASH1 names no folder that has it'
  test(`the workload ${name} gives the published hash`, { skip: isGenerated ? false : missing }, () => {
    const hash = new ReportHash()
    const gateway = new Flash1Gateway()
    const send = gateway.send.bind(gateway)
    if (isGenerated) readGenerated(generated, (...message) => send(...message, hash.add))
    else readColumns(NORMAL, (...message) => send(...message, hash.add))
    equal(hash.digest(), sha256)
  })
}

/** The SHA-256 of report lines, joined by newlines. */
class ReportHash {
  readonly #hash = createHash('sha256')
  #lines: string[] = []
  #separator = ''

  readonly add: Report = line => {
    if (this.#lines.push(line) > 10_000) this.#flush()
  }

  digest(): string {
    this.#flush()
    return this.#hash.digest('hex')
  }

  #flush(): void {
    this.#hash.update(this.#separator + this.#lines.join('\n'))
    this.#separator = '\n'
    this.#lines = []
  }
}

/** The columns of ../shared/data: flags, quantity, order id, price. */
function readColumns(file: URL, send: (...message: Message) => void): void {
  const bytes = brotliDecompressSync(readFileSync(file))
  const messages = bytes.length / 11
  const columns = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)
  const quantities = new DataView(columns, messages)
  const ids = new DataView(columns, messages * 3)
  const prices = new DataView(columns, messages * 7)
  for (let at = 0; at < messages; at++) {
    const flags = bytes[at]!
    const quantity = quantities.getUint16(at * 2, true)
    send(
      flags & 3,
      (flags >> 2) & 1,
      (flags >> 3) & 1,
      quantity,
      ids.getUint32(at * 4, true),
      prices.getInt32(at * 4, true),
    )
  }
}

/** flash1's file: 16 bytes of header, 40 a message: type, side, ioc, -, u32 quantity, u64 sequence, id, price. */
function readGenerated(file: string, send: (...message: Message) => void): void {
  const bytes = readFileSync(file)
  for (let at = 16; at < bytes.length; at += 40) {
    const [type, side, ioc] = [bytes[at]!, bytes[at + 1]!, bytes[at + 2]!]
    send(type, side, ioc, bytes.readUInt32LE(at + 4), bytes.readUInt32LE(at + 16), bytes.readInt32LE(at + 24))
  }
}

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
      // The one long case gives its reports and best prices as counts and hashes.
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
