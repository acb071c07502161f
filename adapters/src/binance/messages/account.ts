// An account as Binance shows it: a balance of the currency and of each instrument that it holds, free and locked in
// open orders. Pure.

import type { AccountSnapshot } from '@papertape/protocol'
import { QUOTE_ASSET } from '../symbols.ts'
import { fixed } from './decimals.ts'

interface AssetBalance {
  readonly asset: string
  readonly free: number
  readonly locked: number
}

/** The currency first. */
function balancesOf({ balance, positions, orders }: AccountSnapshot): readonly AssetBalance[] {
  const { cash, buyingPower } = balance
  const free = Math.max(0, Math.min(cash, buyingPower))
  const held = positions.map(({ symbol, size }) => {
    const sells = orders.filter(order => order.symbol === symbol && order.side === 'sell')
    const locked = Math.min(
      Math.max(0, size),
      sells.reduce((sum, { leavesSize }) => sum + leavesSize, 0),
    )
    return { asset: symbol, free: Math.max(0, size - locked), locked }
  })
  return [{ asset: QUOTE_ASSET, free, locked: Math.max(0, cash - free) }, ...held]
}

/** Basis points of the value of a fill. */
export interface FeeRates {
  readonly maker: number
  readonly taker: number
}

export function binanceAccount(snapshot: AccountSnapshot, { maker, taker }: FeeRates, isTrader: boolean, time: number) {
  const rate = (basisPoints: number) => (basisPoints / 10_000).toFixed(8)
  const uid = Number.parseInt(snapshot.accountId.slice(1), 16)
  return {
    makerCommission: maker,
    takerCommission: taker,
    buyerCommission: 0,
    sellerCommission: 0,
    commissionRates: { maker: rate(maker), taker: rate(taker), buyer: rate(0), seller: rate(0) },
    canTrade: isTrader,
    canWithdraw: false,
    canDeposit: true,
    brokered: false,
    requireSelfTradePrevention: false,
    preventSor: false,
    updateTime: time,
    accountType: 'SPOT',
    balances: balancesOf(snapshot).map(({ asset, free, locked }) => ({
      asset,
      free: fixed(free),
      locked: fixed(locked),
    })),
    permissions: ['SPOT'],
    uid: Number.isSafeInteger(uid) ? uid : 0,
  }
}

/** @param assets those that may have changed. */
export function accountPosition(snapshot: AccountSnapshot, assets: ReadonlySet<string>, time: number) {
  const changed = balancesOf(snapshot).filter(({ asset }) => assets.has(asset))
  const balances = changed.map(({ asset, free, locked }) => ({ a: asset, f: fixed(free), l: fixed(locked) }))
  return { e: 'outboundAccountPosition', E: time, u: time, B: balances }
}
