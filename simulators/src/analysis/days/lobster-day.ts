// A real day from LOBSTER's files: the messages, with the best prices of the orderbook file where it has a row for each
// message, otherwise with prices and depth of a replay through our exchange. Opens no files.

import { createExchange, SIDE } from '@papertape/engine'
import { DepthProfile, everyStep } from '../../order-flow/depth-profile.ts'
import { DEPTH_SAMPLE_MS } from '../../order-flow/flow-recorder.ts'
import type { MarketDay } from '../../order-flow/market-day.ts'
import { OrderFlow } from '../../order-flow/order-flow.ts'
import { growColumns } from '../../replay/columns.ts'
import { wholeNumber } from '../../replay/decimals.ts'
import { LobsterError } from '../../replay/lobster/lobster-error.ts'
import { type LobsterMessages, MESSAGE, parseLobster } from '../../replay/lobster/messages.ts'
import { createLobsterReplay } from '../../replay/lobster/replay.ts'
import { createSimulation } from '../../simulation.ts'

/** A tick is a cent. */
const TICK_UNITS = 100
const HALF_HOUR_MS = 1_800_000
/** LOBSTER's price of an empty side. */
const EMPTY_PRICE = 9_999_999_999
const LOTS_MAX = 2 ** 31 - 1

interface Quotes {
  /** Writes the quote after message `row` to the flow's last row. */
  quote(row: number, flow: OrderFlow): void
  readonly depth: DepthProfile | undefined
}

/** Parses whole texts. @throws {LobsterError} at an invalid line. */
export function readLobsterDay(symbol: string, messageText: string, orderbookText: string | undefined): MarketDay {
  const messages = parseLobster(messageText)
  if (orderbookText === undefined) return lobsterDay(symbol, messages)
  const parser = createOrderbookParser()
  for (const line of orderbookText.split('\n')) parser.take(line)
  return lobsterDay(symbol, messages, parser.end())
}

/** @param orderbook used only when it has a row for each message. */
export function lobsterDay(symbol: string, messages: LobsterMessages, orderbook?: LobsterOrderbook): MarketDay {
  const quotes = orderbook?.count === messages.count ? quotesOfFile(orderbook) : quotesOfReplay(symbol, messages)
  const flow = new OrderFlow()
  const { types, timesMs, orderIds, sizes, prices, directions, count } = messages
  for (let row = 0; row < count; row++) {
    const type = types[row]!
    if (type > MESSAGE.executeHidden) {
      // Halts and crosses are no rows of the flow, but the replay steps over them.
      quotes.quote(row, flow)
      continue
    }
    const side = directions[row] === 1 ? SIDE.buy : SIDE.sell
    flow.append(timesMs[row]!, type, orderIds[row]!, sizes[row]!, prices[row]! / TICK_UNITS, side)
    quotes.quote(row, flow)
  }
  // Files start and end on the half hour.
  const openMs = Math.floor(timesMs[0]! / HALF_HOUR_MS) * HALF_HOUR_MS
  const closeMs = Math.ceil(timesMs[count - 1]! / HALF_HOUR_MS) * HALF_HOUR_MS
  return { symbol, tickUnits: TICK_UNITS, lotSize: 1, openMs, closeMs, flow, depth: quotes.depth }
}

/** The best prices of an orderbook file, row by row. */
export interface LobsterOrderbook {
  readonly count: number
  readonly asks: Float64Array
  readonly askLots: Int32Array
  readonly bids: Float64Array
  readonly bidLots: Int32Array
}

/** Columns of the file: ask price, ask size, bid price, bid size, and again for each further level. */
export function createOrderbookParser() {
  const columns = growColumns({ asks: Float64Array, askLots: Int32Array, bids: Float64Array, bidLots: Int32Array })
  let count = 0
  let line = 0
  return {
    /** @throws {LobsterError} when the line is not a row. */
    take(text: string): void {
      line++
      if (text.trim() === '') return
      const row = text.split(',', 4).map(wholeNumber)
      const isSound = row.length === 4 && !row.some(Number.isNaN) && row[1]! <= LOTS_MAX && row[3]! <= LOTS_MAX
      if (!isSound) throw new LobsterError('columns', 'expected the price and size of the best ask and bid', line)
      const { asks, askLots, bids, bidLots } = columns.at(count)
      asks[count] = row[0]!
      askLots[count] = row[1]!
      bids[count] = row[2]!
      bidLots[count] = row[3]!
      count++
    },
    end: (): LobsterOrderbook => ({ count, ...columns.cut(count) }),
  }
}

function quotesOfFile({ asks, askLots, bids, bidLots }: LobsterOrderbook): Quotes {
  const isEmpty = (price: number) => Math.abs(price) === EMPTY_PRICE
  return {
    depth: undefined,
    quote(row, flow) {
      const [ask, bid] = [asks[row]!, bids[row]!]
      flow.quote(
        isEmpty(bid) ? 0 : bid / TICK_UNITS,
        isEmpty(bid) ? 0 : bidLots[row]!,
        isEmpty(ask) ? 0 : ask / TICK_UNITS,
        isEmpty(ask) ? 0 : askLots[row]!,
      )
    },
  }
}

function quotesOfReplay(symbol: string, messages: LobsterMessages): Quotes {
  const startTime = Math.floor(messages.timesMs[0]!)
  const source = createLobsterReplay({ symbol, name: symbol, messages, startTime })
  const exchange = createExchange({ instruments: source.instruments, muted: true })
  const { step } = createSimulation(source, exchange)
  const ticksOf = (ticks: number) => (ticks * source.instruments[0]!.tickUnits) / TICK_UNITS
  const depth = new DepthProfile()
  const passTo = everyStep(DEPTH_SAMPLE_MS, () => depth.sample(exchange, 0))
  // The first step places the orders that rested before.
  step(Number.POSITIVE_INFINITY)
  return {
    depth,
    quote(row, flow) {
      passTo(messages.timesMs[row]!)
      step(Number.POSITIVE_INFINITY)
      const bid = exchange.bestBid(0)
      const ask = exchange.bestAsk(0)
      // During a halt the book may be crossed: no quote.
      if (bid >= ask && ask > 0) {
        flow.quote(0, 0, 0, 0)
        return
      }
      const lots = (ticks: number) => (ticks === 0 ? 0 : exchange.levelLots(0, ticks))
      flow.quote(ticksOf(bid), lots(bid), ticksOf(ask), lots(ask))
    },
  }
}
