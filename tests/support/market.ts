// The market of a server under test: waits until it has buyers and sellers, before which a market order finds no
// counterparty, and acts as its operator.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MarketAnswer } from '@papertape/protocol/schemas'
import { call } from './rest.ts'
import type { RunningServer } from './server.ts'
import { openStream } from './stream.ts'

export interface TwoSided {
  readonly bid: number
  readonly ask: number
}

/** The first quote of a symbol that has both sides, after the first trade. */
export async function untilTrading(url: string, symbol: string): Promise<TwoSided> {
  const reader = await openStream(`${url}/v1/stream?symbols=${symbol}&events=quote,trade`)
  await reader.until(({ event }) => event === 'trade')
  const from = reader.messages.length
  const { data } = await reader.until(
    ({ event, data: quote }) => event === 'quote' && quote.bid !== null && quote.ask !== null,
    from,
  )
  reader.cut()
  return data
}

/** The token of the data folder. */
export function readOperatorToken({ dataFolder }: Pick<RunningServer, 'dataFolder'>): string {
  return readFileSync(join(dataFolder, 'operator-token'), 'utf8').trim()
}

/**
 * @param change `{ halt: { symbol, halted: true } }`, `{ pace: '0' }`
 * @returns the market after it, as GET /v1/market shows it
 */
export async function operate(
  server: Pick<RunningServer, 'url' | 'dataFolder'>,
  change: object,
): Promise<MarketAnswer> {
  const token = readOperatorToken(server)
  const { status, body } = await call(server.url, 'PATCH /v1/market', { token, body: change })
  assert.equal(status, 200)
  return body
}
