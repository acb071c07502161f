// The results of users' orders as Parquet: a row a message, with the fields of all kinds of messages as columns. An
// account's snapshot is a row for its cash, one for each position and one for each open order. Loaded on demand.

import { openInput } from '../../input/input-file.ts'
import type { RunResult } from '../../recording/run-results.ts'
import { openParquetFile, type ParquetColumns } from './parquet-file.ts'

const COLUMNS = {
  time: { type: 'time', required: true },
  accountId: { type: 'text', required: true },
  type: { type: 'text', required: true },
  seq: { type: 'int64' },
  execType: { type: 'text' },
  orderStatus: { type: 'text' },
  orderId: { type: 'text' },
  clientOrderId: { type: 'text' },
  origClientOrderId: { type: 'text' },
  symbol: { type: 'text' },
  side: { type: 'text' },
  orderType: { type: 'text' },
  timeInForce: { type: 'text' },
  size: { type: 'int64' },
  price: { type: 'double' },
  stopPrice: { type: 'double' },
  lastSize: { type: 'int64' },
  lastPrice: { type: 'double' },
  cumSize: { type: 'int64' },
  leavesSize: { type: 'int64' },
  avgPrice: { type: 'double' },
  liquidity: { type: 'text' },
  tradeId: { type: 'int64' },
  fee: { type: 'double' },
  aheadSize: { type: 'int64' },
  code: { type: 'text' },
  text: { type: 'text' },
  avgCost: { type: 'double' },
  realised: { type: 'double' },
  unrealised: { type: 'double' },
  cash: { type: 'double' },
  buyingPower: { type: 'double' },
  equity: { type: 'double' },
} as const satisfies ParquetColumns<Record<string, unknown>>

type ResultRow = Partial<Record<keyof typeof COLUMNS, unknown>>

/** @param linesFile results as NDJSON. */
export async function convertResults(linesFile: string, file: string): Promise<void> {
  const output = await openParquetFile<ResultRow>(file, COLUMNS)
  try {
    const input = await openInput(linesFile)
    try {
      for await (const lines of input.lines()) {
        await output.write(lines.filter(line => line !== '').flatMap(line => rowsOf(JSON.parse(line))))
      }
    } finally {
      await input.close()
    }
    await output.finish()
  } catch (error) {
    await output.discard()
    throw error
  }
}

function rowsOf(result: RunResult): ResultRow[] {
  const { ts: time } = result
  if (result.type === 'account.snapshot') {
    const { accountId, type, seq, balance, positions, orders } = result
    return [balance, ...positions, ...orders].map(part => ({ ...part, time, accountId, type, seq }))
  }
  return [{ ...result, ...('reason' in result ? result.reason : undefined), time }]
}
