// The order ticket's sums and checks, before anything is sent. Pure. A problem stops the order and names its fix; a
// caution does not: whether the account can afford it is the exchange's to say.

import type { Instrument, NewOrder, Side, TimeInForce } from '@papertape/protocol'
import { type DepthLevel, sweepCost } from '../market/depth.ts'
import { formatCash, formatPrice, formatSize } from '../market/format.ts'

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

/** `1,000.5` and `1000.5` are the same; anything that is not a number is undefined. */
export function parseNumber(text: string): number | undefined {
  const clean = text.replaceAll(',', '').trim()
  if (!/^\d*\.?\d+$|^\d+\.$/.test(clean)) return undefined
  return Number(clean)
}

/** The nearest price on the grid. */
export function onGrid(price: number, tickSize: number, decimals: number): number {
  return Number((Math.round(price / tickSize) * tickSize).toFixed(decimals))
}

/** The price so many ticks away, as the field shows it. From an empty field it starts at `fallback`. */
export function stepPrice(text: string, ticks: number, fallback: number | null, instrument: Instrument): string {
  const { tickSize, priceDecimals } = instrument
  const from = parseNumber(text)
  if (from === undefined) return fallback === null ? text : fallback.toFixed(priceDecimals)
  return Math.max(tickSize, onGrid(from + ticks * tickSize, tickSize, priceDecimals)).toFixed(priceDecimals)
}

export function stepSize(text: string, lots: number, lotSize: number): string {
  const from = parseNumber(text) ?? 0
  return String(Math.max(lotSize, (Math.floor(from / lotSize) + lots) * lotSize))
}

/** What the market allows for the order type; the first is taken when the type changes. */
export function timesInForce(orderType: Draft['orderType']): readonly TimeInForce[] {
  return orderType === 'market' ? ['IOC', 'FOK'] : ['GTC', 'DAY', 'IOC', 'FOK']
}

export function canPostOnly({ orderType, timeInForce }: Draft): boolean {
  return orderType === 'limit' && (timeInForce === 'GTC' || timeInForce === 'DAY')
}

function checkSize(text: string, lotSize: number): { size?: number; problem?: Problem } {
  const size = parseNumber(text)
  const says = (text: string) => ({ problem: { field: 'size' as const, text } })
  if (size === undefined || size <= 0) return says(`Enter a size, for example ${lotSize * 100}.`)
  if (!Number.isInteger(size / lotSize)) {
    const near = Math.max(lotSize, Math.round(size / lotSize) * lotSize)
    return says(lotSize === 1 ? `Sizes are whole: try ${near}.` : `Sizes are multiples of ${lotSize}: try ${near}.`)
  }
  return { size }
}

function checkPrice(text: string, instrument: Instrument): { price?: number; problem?: Problem } {
  const { tickSize, priceDecimals } = instrument
  const price = parseNumber(text)
  const says = (text: string) => ({ problem: { field: 'price' as const, text } })
  if (price === undefined || price <= 0) return says('Enter a limit price, or pick one from the book.')
  const near = onGrid(price, tickSize, priceDecimals)
  if (Math.abs(near - price) > tickSize * 1e-6) {
    return says(`The tick is ${formatPrice(tickSize, priceDecimals)}: try ${near.toFixed(priceDecimals)}.`)
  }
  return { price: near }
}

export function checkDraft(draft: Draft, instrument: Instrument, situation: Situation): Check {
  const { side, orderType, timeInForce } = draft
  const problems: Problem[] = []
  const { size, problem: sizeProblem } = checkSize(draft.size, instrument.lotSize)
  if (sizeProblem !== undefined) problems.push(sizeProblem)
  const limit = orderType === 'limit' ? checkPrice(draft.price, instrument) : {}
  if (limit.problem !== undefined) problems.push(limit.problem)
  if (!timesInForce(orderType).includes(timeInForce)) {
    problems.push({ field: 'timeInForce', text: 'A market order does not rest: choose IOC or FOK.' })
  }
  const estimate = size === undefined ? undefined : estimateOf(draft, size, limit.price, situation)
  const cautions = size === undefined ? [] : cautionsOf(draft, size, estimate, situation)
  const pastBand = limit.price === undefined ? undefined : cautionOfBand(draft.side, limit.price, instrument)
  if (pastBand !== undefined) cautions.push(pastBand)
  if (problems.length > 0 || size === undefined) return { problems, cautions, estimate, order: undefined }
  const order = {
    symbol: instrument.symbol,
    side,
    orderType,
    size,
    timeInForce,
    ...(limit.price === undefined ? {} : { price: limit.price }),
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
