// Checks both sides of each trade: the part that belongs to no account belongs to a desk, and the desks' orders have
// shrunk by exactly that, so that no share and no cash is created or lost. For the property tests and the soak of the
// exchange.

import assert from 'node:assert/strict'
import type { Command, CommandAnswer, Execution, InstrumentSpec, Trade } from '@papertape/protocol'
import type { Exchange } from '../../exchange.ts'

interface DeskOrder {
  readonly desk: number
  readonly ref: number
  readonly symbol: string
  readonly side: 'buy' | 'sell'
  openLots: number
}

export class ConservationAuditor {
  readonly #exchange: Exchange
  readonly #lotSizes: ReadonlyMap<string, number>
  readonly #deskOrders = new Map<string, DeskOrder>()

  constructor(exchange: Exchange, specs: readonly InstrumentSpec[]) {
    this.#exchange = exchange
    this.#lotSizes = new Map(specs.map(({ symbol, lotSize }) => [symbol, lotSize]))
  }

  /** @param isQuiet no timer has acted before the command. */
  audit(
    command: Command,
    answer: CommandAnswer,
    trades: readonly Trade[],
    fills: readonly Execution[],
    isQuiet: boolean,
  ): void {
    const traded = new Map<string, number>()
    const count = (symbol: string, side: string, size: number) => {
      if (size !== 0) traded.set(`${symbol} ${side}`, (traded.get(`${symbol} ${side}`) ?? 0) + size)
    }
    const print = printOf(command, answer, trades, fills)
    for (const trade of trades) {
      if (trade === print) continue
      count(trade.symbol, 'buy', trade.size)
      count(trade.symbol, 'sell', trade.size)
    }
    for (const { symbol, side, lastSize } of fills) count(symbol, side, -lastSize)
    const isAmbiguous = this.#followDesks(command, answer, isQuiet, (symbol, side, lots) => {
      count(symbol, side, -lots * this.#lotSizes.get(symbol)!)
    })
    if (!isAmbiguous)
      for (const [half, size] of traded) assert.equal(size, 0, `both sides of each trade have an owner: ${half}`)
  }

  /** @returns whether the desks' trades cannot be distinguished from their cancels. */
  #followDesks(
    command: Command,
    answer: CommandAnswer,
    isQuiet: boolean,
    count: (symbol: string, side: string, lots: number) => void,
  ): boolean {
    const takenBack = this.#takeCommand(command, answer, count)
    for (const [name, order] of this.#deskOrders) {
      const { desk, ref, symbol, side } = order
      const openLots = this.#exchange.openLots(desk, ref)
      assert.ok(openLots <= order.openLots, 'a resting order does not grow')
      count(symbol, side, order.openLots - openLots)
      order.openLots = openLots
      if (openLots === 0) this.#deskOrders.delete(name)
    }
    return takenBack && !isQuiet
  }

  #takeCommand(
    command: Command,
    answer: CommandAnswer,
    count: (symbol: string, side: string, lots: number) => void,
  ): boolean {
    if (answer.type !== 'desk' || !answer.accepted || !('ref' in command)) return false
    const { desk, ref } = command
    const name = `${desk}/${ref}`
    const order = this.#deskOrders.get(name)
    if (command.type === 'desk.place') {
      const { symbol, side } = command
      // The ref was free: an order with it has traded completely in a timer's auction.
      if (order !== undefined) count(order.symbol, order.side, order.openLots)
      count(symbol, side, answer.filledLots)
      this.#deskOrders.set(name, { desk, ref, symbol, side, openLots: answer.openLots })
      return false
    }
    const byLots = command.type === 'desk.reduce' ? command.byLots : order!.openLots
    order!.openLots = Math.max(0, order!.openLots - byLots)
    return true
  }
}

/** The trade that the command itself has printed, in which no order here took part. */
function printOf(
  command: Command,
  answer: CommandAnswer,
  trades: readonly Trade[],
  fills: readonly Execution[],
): Trade | undefined {
  if (command.type !== 'trade.print' || answer.type !== 'desk' || !answer.accepted) return undefined
  const { symbol, price, size } = command
  return trades.find(
    trade =>
      trade.symbol === symbol &&
      trade.price === price &&
      trade.size === size &&
      !trade.auction &&
      !fills.some(({ tradeId }) => tradeId === trade.tradeId),
  )
}
