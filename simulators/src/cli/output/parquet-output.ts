// Writes the order flow of a run as one Parquet file, a row a message, with the best prices after its command, and with
// the truth behind it where asked for. Loaded on demand.

import { SIDE } from '@papertape/engine'
import { type InstrumentSpec, toPrice } from '@papertape/protocol'
import { FLOW, type OrderFlow } from '../../order-flow/order-flow.ts'
import type { TapeHeader } from '../../recording/tape.ts'
import { type RowTruth, truePrice } from '../../recording/truth-observer.ts'
import { microseconds } from '../../time-units.ts'
import type { FlowOutput } from '../tapes/flow-pieces.ts'
import { openParquetFile, type ParquetColumns } from './parquet-file.ts'

const MESSAGES: Readonly<Record<number, string>> = {
  [FLOW.add]: 'add',
  [FLOW.reduce]: 'reduce',
  [FLOW.remove]: 'remove',
  [FLOW.execute]: 'execute',
  [FLOW.executeHidden]: 'executeHidden',
}

interface FlowRow {
  /** Microseconds since 1970. */
  readonly time: number
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

interface TrueRow extends FlowRow, Omit<RowTruth, 'valueTicks'> {
  readonly value: number
}

const COLUMNS: ParquetColumns<FlowRow> = {
  time: { type: 'time', required: true },
  symbol: { type: 'text', required: true },
  message: { type: 'text', required: true },
  orderId: { type: 'int32', required: true },
  side: { type: 'text', required: true },
  price: { type: 'double', required: true },
  size: { type: 'int32', required: true },
  bid: { type: 'double' },
  bidSize: { type: 'int32', required: true },
  ask: { type: 'double' },
  askSize: { type: 'int32', required: true },
}
const TRUE_COLUMNS: ParquetColumns<TrueRow> = {
  ...COLUMNS,
  agent: { type: 'text', required: true },
  aggressor: { type: 'text' },
  metaorder: { type: 'int32' },
  value: { type: 'double', required: true },
}

export async function openParquetOutput(
  file: string,
  header: TapeHeader,
  instruments: readonly InstrumentSpec[],
  truth: boolean,
): Promise<FlowOutput> {
  const output = await openParquetFile<FlowRow>(file, truth ? TRUE_COLUMNS : COLUMNS)
  return {
    get bytes() {
      return output.bytes
    },
    async write({ flows, truths }) {
      for (const [index, spec] of instruments.entries()) {
        const [flow, rowTruths] = [flows[index]!, truths[index]!]
        const rows = Array.from({ length: flow.count }, (_, row) => ({
          ...rowOf(spec, flow, row, header.midnightTime),
          ...truthOf(spec, rowTruths[row]),
        }))
        await output.write(rows)
      }
    },
    async finish() {
      await output.finish()
      return [file]
    },
    discard: output.discard,
  }
}

function truthOf(spec: InstrumentSpec, truth: RowTruth | undefined): Omit<TrueRow, keyof FlowRow> | undefined {
  if (truth === undefined) return undefined
  const { valueTicks, ...names } = truth
  return { ...names, value: truePrice(spec, valueTicks) }
}

function rowOf(spec: InstrumentSpec, flow: OrderFlow, row: number, midnightTime: number): FlowRow {
  const bid = flow.bidsTicks[row]!
  const ask = flow.asksTicks[row]!
  return {
    time: midnightTime * 1000 + microseconds(flow.timesMs[row]!),
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
