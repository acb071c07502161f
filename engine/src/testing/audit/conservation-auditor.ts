// For the exchange's property tests and its soak: an auditor of both ends of each trade. What of a trade is no account's
// must be a desk's, and the desks' orders must have shrunk by just that, so that no share and no unit of cash comes from
// nowhere or is lost.

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
    const lost = this.#followDesks(command, answer, isQuiet, (symbol, side, lots) => {
      count(symbol, side, -lots * this.#lotSizes.get(symbol)!)
    })
    if (!lost)
      for (const [half, size] of traded) assert.equal(size, 0, `both halves of each trade are somebody's: ${half}`)
  }

  /** Answers whether what the desks traded cannot be told from what they took back. */
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
      // The name was free: an order that carried it has traded away by a timer.
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

/** The trade that the command itself reported from elsewhere: nobody here has a part in it. */
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
