// Waits until a market that was just opened has buyers and sellers: until then a market order finds no counterparty.

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
