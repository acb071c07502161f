// Writes the order flow of a run as one Parquet file, a row a message, with the best prices after its command. Loaded
// on demand.

import { SIDE } from '@papertape/engine'
import { type InstrumentSpec, toPrice } from '@papertape/protocol'
import { ByteWriter, type ColumnSource, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer'
import { FLOW, type OrderFlow } from '../../order-flow/order-flow.ts'
import type { TapeHeader } from '../../recording/tape.ts'
import type { FlowOutput } from '../tapes/flow-pieces.ts'
import { openTextOutput } from './text-output.ts'

const ROW_GROUP = 100_000
const MESSAGES: Readonly<Record<number, string>> = {
  [FLOW.add]: 'add',
  [FLOW.reduce]: 'reduce',
  [FLOW.remove]: 'remove',
  [FLOW.execute]: 'execute',
  [FLOW.executeHidden]: 'executeHidden',
}

interface ParquetRow {
  readonly time: Date
  readonly symbol: string
  readonly message: string
  readonly orderId: number
  /** Side of the resting order. */
  readonly side: string
  readonly price: number
  readonly size: number
  readonly bid: number | null
  readonly bidSize: number
  readonly ask: number | null
  readonly askSize: number
}

const COLUMNS: Readonly<Record<keyof ParquetRow, ColumnSource['type']>> = {
  time: 'TIMESTAMP',
  symbol: 'STRING',
  message: 'STRING',
  orderId: 'INT32',
  side: 'STRING',
  price: 'DOUBLE',
  size: 'INT32',
  bid: 'DOUBLE',
  bidSize: 'INT32',
  ask: 'DOUBLE',
  askSize: 'INT32',
}
const NULLABLE: ReadonlySet<string> = new Set(['bid', 'ask'])

export async function openParquetOutput(
  file: string,
  header: TapeHeader,
  instruments: readonly InstrumentSpec[],
): Promise<FlowOutput> {
  const output = await openTextOutput(file)
  const bytes = new ByteWriter()
  const writer = new ParquetWriter({ writer: bytes, schema: schemaFromColumnData({ columnData: columnsOf([]) }) })
  let rows: ParquetRow[] = []

  /** Writes what the library has encoded so far to the file. */
  async function flush(): Promise<void> {
    await output.write(bytes.getBytes())
    bytes.index = 0
  }

  async function writeGroup(): Promise<void> {
    if (rows.length === 0) return
    await writer.write({ columnData: columnsOf(rows), rowGroupSize: rows.length })
    rows = []
    await flush()
  }

  return {
    get bytes() {
      return output.bytes
    },
    async write({ flows }) {
      for (const [index, spec] of instruments.entries()) {
        const flow = flows[index]!
        for (let row = 0; row < flow.count; row++) rows.push(rowOf(spec, flow, row, header.midnightTime))
      }
      if (rows.length >= ROW_GROUP) await writeGroup()
    },
    async finish() {
      await writeGroup()
      await writer.finish()
      await flush()
      await output.finish()
      return [file]
    },
    async discard() {
      await output.discard()
    },
  }
}

function columnsOf(rows: readonly ParquetRow[]): ColumnSource[] {
  return Object.entries(COLUMNS).map(([name, type]) => ({
    name,
    type: type!,
    nullable: NULLABLE.has(name),
    data: rows.map(row => row[name as keyof ParquetRow]),
  }))
}

function rowOf(spec: InstrumentSpec, flow: OrderFlow, row: number, midnightTime: number): ParquetRow {
  const bid = flow.bidsTicks[row]!
  const ask = flow.asksTicks[row]!
  return {
    time: new Date(midnightTime + flow.timesMs[row]!),
    symbol: spec.symbol,
    message: MESSAGES[flow.kinds[row]!]!,
    orderId: flow.orderIds[row]!,
    side: flow.sides[row] === SIDE.buy ? 'buy' : 'sell',
    price: toPrice(spec, flow.pricesTicks[row]!),
    size: flow.lots[row]! * spec.lotSize,
    bid: bid === 0 ? null : toPrice(spec, bid),
    bidSize: flow.bidsLots[row]! * spec.lotSize,
    ask: ask === 0 ? null : toPrice(spec, ask),
    askSize: flow.asksLots[row]! * spec.lotSize,
  }
}
