// Computes what the margin account must have from its positions, open orders and the last prices, and checks that it is
// called for margin when its equity is below that, and only then. For the property tests and the soak of the exchange.

import assert from 'node:assert/strict'
import { type AccountSnapshot, fromCurrency, type PrivateEvent } from '@papertape/protocol'
import type { MarginRules } from '../../margin/requirements.ts'

/** A margin account. */
export const MARGIN_ACCOUNT = 'meg'

interface Prices {
  lastPrice(symbol: string): number
  /** What a buy of this size may cost, fees included. */
  costAtMost(symbol: string, price: number, size: number): number
}

export class MarginAuditor {
  readonly #rules: MarginRules
  readonly #prices: Prices
  #isCalled = false

  constructor(rules: MarginRules, prices: Prices) {
    this.#rules = rules
    this.#prices = prices
  }

  /** After each command. @param events of the account. */
  audit(account: AccountSnapshot, events: readonly PrivateEvent[]): void {
    const wasCalled = this.#isCalled
    for (const event of events) {
      if (event.type === 'marginCall') this.#isCalled = event.dueTime !== null
      const isLiquidation = event.type === 'execution' && event.reason?.code === 'margin-call'
      assert.ok(!isLiquidation || wasCalled, 'an account is called before it is liquidated')
    }
    const { longMaintenanceBps, shortMaintenanceBps } = this.#rules
    const { cash, equity, maintenanceMargin } = account.balance
    const worths = account.positions.map(({ symbol, size }) => this.#worth(symbol, size))
    assert.equal(units(equity!), units(cash) + sum(worths))
    const maintenance = worths.map(worth => portion(worth, worth > 0 ? longMaintenanceBps : shortMaintenanceBps))
    assert.equal(units(maintenanceMargin!), sum(maintenance))
    assert.equal(this.#isCalled, sum(maintenance) > 0 && equity! < maintenanceMargin!, 'a call lasts while it is due')
    this.#checkInitial(account)
  }

  /** For the larger of what each position may become. */
  #checkInitial({ positions, orders, balance }: AccountSnapshot): void {
    const reserving = orders.filter(({ held, listRole }) => !held && listRole !== 'takeProfit')
    const symbols = new Set([...positions, ...reserving].map(({ symbol }) => symbol))
    const required = [...symbols].map(symbol => {
      const worth = this.#worth(symbol, positions.find(position => position.symbol === symbol)?.size ?? 0)
      const own = reserving.filter(order => order.symbol === symbol)
      const bid = own
        .filter(({ side }) => side === 'buy')
        .map(({ price, leavesSize }) => this.#prices.costAtMost(symbol, price ?? 0, leavesSize))
      const offered = own.filter(({ side }) => side === 'sell').map(({ leavesSize }) => leavesSize)
      const ifSold = this.#worth(symbol, sum(offered)) - worth
      return portion(Math.max(Math.abs(worth), worth + sum(bid), ifSold), this.#rules.initialBps)
    })
    // A buy without a limit reserves more than can be computed here.
    const isKnown = reserving.every(({ side, price }) => side === 'sell' || price !== null)
    if (isKnown) assert.equal(units(balance.initialMargin!), sum(required))
    else assert.ok(units(balance.initialMargin!) >= sum(required))
  }

  #worth(symbol: string, size: number): number {
    return units(this.#prices.lastPrice(symbol)) * size
  }
}

const units = (amount: number) => fromCurrency(amount)!
const portion = (worth: number, bps: number) => Math.ceil((Math.abs(worth) * bps) / 10_000)
const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0)
