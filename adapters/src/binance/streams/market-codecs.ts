// How events of the feed become messages of Binance's market streams: once for all connections. Pure.

import type { Frame, FrameCodec } from '@papertape/feed'
import type { Book, Quote, Trade } from '@papertape/protocol'
import type { MarketMessage } from '../../sockets/market-wire.ts'
import { millis } from '../messages/decimals.ts'
import { aggregateTradeEvent, bookTickerEvent, depthUpdate, tradeEvent } from '../messages/market-data.ts'

/** Of trades and quotes; each one. */
export const TAPE_CODEC: FrameCodec<readonly MarketMessage<string>[]> = {
  name: 'binance tape',
  encode: frames => frames.flatMap(tapeMessage),
}

/** Of books; merged as often as the reader asks for. */
export const DEPTH_CODEC: FrameCodec<readonly MarketMessage<string>[]> = {
  name: 'binance depth',
  encode: frames => frames.flatMap(depthMessage),
}

function tapeMessage({ event, data }: Frame): MarketMessage<string>[] {
  if (event === 'trade') {
    const trade = JSON.parse(data) as Trade
    const wallMs = millis(trade.ts)
    return [
      messageOf('trade', trade.symbol, tradeEvent(trade, wallMs)),
      messageOf('aggTrade', trade.symbol, aggregateTradeEvent(trade, wallMs)),
    ]
  }
  if (event !== 'quote') return []
  const quote = JSON.parse(data) as Quote
  return [messageOf('bookTicker', quote.symbol, bookTickerEvent(quote))]
}

function depthMessage({ event, data }: Frame): MarketMessage<string>[] {
  if (event !== 'book') return []
  const book = JSON.parse(data) as Book
  return [messageOf('depth', book.symbol, depthUpdate(book, millis(book.ts)))]
}

function messageOf(channel: string, symbol: string, payload: object): MarketMessage<string> {
  return { channel, symbol, payload: JSON.stringify(payload) }
}
