// The order ticket's sums and checks, before anything is sent. Pure. A problem stops the order and names its fix; a
// caution does not: whether the account can afford it is the exchange's to say.

import type { Instrument, NewOrder, Side, TimeInForce } from '@papertape/protocol'
import { formatCash, formatPrice, formatSize } from '../format/format.ts'
import { type DepthLevel, sweepCost } from '../market/depth.ts'
import { readTypedNumber } from './typed-number.ts'

export interface Draft {
  readonly side: Side
  readonly orderType: 'limit' | 'market'
  /** As typed. */
  readonly size: string
  readonly price: string
  readonly timeInForce: TimeInForce
  readonly postOnly: boolean
}

export const EMPTY_DRAFT: Draft = {
  side: 'buy',
  orderType: 'limit',
  size: '100',
  price: '',
  timeInForce: 'GTC',
  postOnly: false,
}

export interface Situation {
  readonly bids: readonly DepthLevel[]
  readonly asks: readonly DepthLevel[]
  readonly buyingPower: number | null
  /** Shares held of this instrument. */
  readonly held: number
  /** The feed is not live: what is seen may not be what the exchange has. */
  readonly isOld: boolean
}

export interface Problem {
  readonly field: 'size' | 'price' | 'timeInForce'
  readonly text: string
}

export interface Check {
  readonly problems: readonly Problem[]
  readonly cautions: readonly string[]
  /** What it would cost, or bring in; undefined while it cannot be said. */
  readonly estimate: number | undefined
  /** Ready to be sent but for its id; undefined while there is a problem. */
  readonly order: Omit<NewOrder, 'clientOrderId'> | undefined
}

/** The nearest price on the grid. */
export function onGrid(price: number, tickSize: number, decimals: number): number {
  return Number((Math.round(price / tickSize) * tickSize).toFixed(decimals))
}

/** The price so many ticks away, as the field shows it. From an empty field it starts at `fallback`. */
export function stepPrice(text: string, ticks: number, fallback: number | null, instrument: Instrument): string {
  const { tickSize, priceDecimals } = instrument
  const from = readTypedNumber(text, priceDecimals).value
  if (from === undefined) return fallback === null ? text : fallback.toFixed(priceDecimals)
  return Math.max(tickSize, onGrid(from + ticks * tickSize, tickSize, priceDecimals)).toFixed(priceDecimals)
}

export function stepSize(text: string, lots: number, lotSize: number): string {
  const from = readTypedNumber(text, 0).value ?? 0
  return String(Math.max(lotSize, (Math.floor(from / lotSize) + lots) * lotSize))
}

/** What the market allows for the order type; the first is taken when the type changes. */
export function timesInForce(orderType: Draft['orderType']): readonly TimeInForce[] {
  return orderType === 'market' ? ['IOC', 'FOK'] : ['GTC', 'DAY', 'IOC', 'FOK']
}

export function canPostOnly({ orderType, timeInForce }: Draft): boolean {
  return orderType === 'limit' && (timeInForce === 'GTC' || timeInForce === 'DAY')
}

/** The exchange counts lots in 32 bits. */
const LOTS_MAX = 2 ** 31 - 1

export type CheckedNumber = { readonly value: number; readonly problem?: undefined } | { readonly problem: string }

/** A size as it may be sent, or what is wrong with it, in words for its field. */
export function checkSize(text: string, lotSize: number): CheckedNumber {
  const typed = readTypedNumber(text, 0)
  if (typed.value === undefined) {
    return { problem: typed.empty ? `Enter a size, for example ${formatSize(lotSize * 100)}.` : typed.problem }
  }
  const size = typed.value
  if (size <= 0) return { problem: `The size must be above 0: the least is ${formatSize(lotSize)}.` }
  if (size > LOTS_MAX * lotSize) return { problem: `Too large: sizes go up to ${formatSize(LOTS_MAX * lotSize)}.` }
  if (Number.isInteger(size / lotSize)) return { value: size }
  const near = [Math.floor(size / lotSize) * lotSize, Math.ceil(size / lotSize) * lotSize].filter(one => one > 0)
  const grid = lotSize === 1 ? 'Sizes are whole' : `Sizes are multiples of ${formatSize(lotSize)}`
  return { problem: `${grid}: write ${near.join(' or ')}.` }
}

/** A limit price as it may be sent, or what is wrong with it, in words for its field. */
export function checkPrice(text: string, instrument: Pick<Instrument, 'tickSize' | 'priceDecimals'>): CheckedNumber {
  const { tickSize, priceDecimals } = instrument
  const typed = readTypedNumber(text, priceDecimals)
  if (typed.value === undefined) {
    return { problem: typed.empty ? 'Enter a limit price, or pick one from the book.' : typed.problem }
  }
  const price = typed.value
  if (price <= 0) return { problem: `The price must be above 0: the least is ${tickSize.toFixed(priceDecimals)}.` }
  const onTick = onGrid(price, tickSize, priceDecimals)
  if (onTick > 0 && Math.abs(onTick - price) <= tickSize * 1e-6) return { value: onTick }
  const below = onGrid(Math.floor(price / tickSize) * tickSize, tickSize, priceDecimals)
  const near = [below, onGrid(below + tickSize, tickSize, priceDecimals)].filter(one => one > 0)
  const grid = `Prices are multiples of ${tickSize.toFixed(priceDecimals)}`
  return { problem: `${grid}: write ${near.map(one => one.toFixed(priceDecimals)).join(' or ')}.` }
}

export function checkDraft(draft: Draft, instrument: Instrument, situation: Situation): Check {
  const { side, orderType, timeInForce } = draft
  const problems: Problem[] = []
  const checkedSize = checkSize(draft.size, instrument.lotSize)
  if (checkedSize.problem !== undefined) problems.push({ field: 'size', text: checkedSize.problem })
  const checkedPrice = orderType === 'limit' ? checkPrice(draft.price, instrument) : undefined
  if (checkedPrice?.problem !== undefined) problems.push({ field: 'price', text: checkedPrice.problem })
  const size = checkedSize.problem === undefined ? checkedSize.value : undefined
  const price = checkedPrice?.problem === undefined ? checkedPrice?.value : undefined
  if (!timesInForce(orderType).includes(timeInForce)) {
    problems.push({ field: 'timeInForce', text: 'A market order does not rest: choose IOC or FOK.' })
  }
  const estimate = size === undefined ? undefined : estimateOf(draft, size, price, situation)
  const cautions = size === undefined ? [] : cautionsOf(draft, size, estimate, situation)
  const pastBand = price === undefined ? undefined : cautionOfBand(draft.side, price, instrument)
  if (pastBand !== undefined) cautions.push(pastBand)
  if (problems.length > 0 || size === undefined) return { problems, cautions, estimate, order: undefined }
  const order = {
    symbol: instrument.symbol,
    side,
    orderType,
    size,
    timeInForce,
    ...(price === undefined ? {} : { price }),
    ...(draft.postOnly && canPostOnly(draft) ? { postOnly: true } : {}),
  }
  return { problems, cautions, estimate, order }
}

function estimateOf(draft: Draft, size: number, price: number | undefined, situation: Situation): number | undefined {
  if (draft.orderType === 'market') return sweepCost(draft.side === 'buy' ? situation.asks : situation.bids, size)
  return price === undefined ? undefined : price * size
}

/** The exchange takes an order beyond the band on its own side, and trades or rests it no farther than the band. */
function cautionOfBand(side: Draft['side'], price: number, { bands, priceDecimals }: Instrument): string | undefined {
  const isBeyond = side === 'buy' ? price > bands.high : price < bands.low
  if (!isBeyond) return undefined
  return `The price band ends at ${formatPrice(side === 'buy' ? bands.high : bands.low, priceDecimals)}: it goes no farther.`
}

function cautionsOf(draft: Draft, size: number, estimate: number | undefined, situation: Situation): string[] {
  const { buyingPower, held } = situation
  const cautions: string[] = []
  if (situation.isOld) cautions.push('The market is not live here: prices and cost may be old.')
  if (draft.orderType === 'market' && estimate === undefined) {
    cautions.push('The visible book is thinner than this order: part of it may not fill.')
  }
  if (draft.side === 'buy' && buyingPower !== null && estimate !== undefined && estimate > buyingPower) {
    const affordable = Math.floor((size * buyingPower) / estimate)
    cautions.push(`${formatCash(estimate - buyingPower)} over your buying power: ${formatSize(affordable)} would fit.`)
  }
  if (draft.side === 'sell' && size > Math.max(0, held)) {
    cautions.push(held > 0 ? `You hold ${formatSize(held)}: sell no more than that.` : 'You hold none to sell.')
  }
  return cautions
}
