// What an account may not do, checked before the book is asked: each check answers a Reject with a text that says what
// happened, the limit, and what to do, or nothing. Pure: reads the floor, changes nothing.

import { type PlaceOrder, type Reject, type RejectCode, toCurrency, toTicks } from '@papertape/protocol'
import type { Account } from './account.ts'
import type { AccountOrder } from './account-order.ts'
import { INSTRUCTION } from './codes.ts'
import type { Floor } from './floor.ts'
import type { Listing } from './listing.ts'
import { sideCode } from './trading.ts'

export const OPEN_ORDERS_MAX = 200
const LOTS_MAX = 2 ** 31 - 1

/** An order in the core's terms. */
export interface Terms {
  readonly listing: Listing
  /** 0: a market order. */
  readonly priceTicks: number
  readonly sizeLots: number
  readonly instruction: number
}

export function isReject(checked: object): checked is Reject {
  return 'code' in checked
}

export function reject(code: RejectCode, text: string): Reject {
  return { code, text }
}

/** A new order's terms, or why it is refused. */
export function checkPlace(floor: Floor, account: Account, order: PlaceOrder): Terms | Reject {
  const listing = floor.listing(order.symbol)
  if (listing === undefined) return unknownSymbol(floor, order.symbol)
  const untaken = checkKind(order) ?? checkPhase(listing)
  if (untaken !== undefined) return untaken
  const sizeLots = checkSize(listing, order.size)
  if (isReject(sizeLots)) return sizeLots
  const price = order.orderType === 'market' ? checkNoPrice(order) : checkPrice(listing, order.price)
  if (isReject(price)) return price
  const terms = { listing, priceTicks: price.ticks, sizeLots: sizeLots.lots, instruction: instructionOf(order) }
  return (
    checkRoom(account, terms) ??
    checkLiquidity(floor, order, terms) ??
    checkMeans(floor, account, order, terms) ??
    terms
  )
}

/** A replaced order's new terms, where the size counts what is filled already, or why it stays as it is. */
export function checkReplace(floor: Floor, order: AccountOrder, size: number, price: number): Terms | Reject {
  const { account, listing } = order
  const halted = checkPhase(listing)
  if (halted !== undefined) return halted
  if (size === order.size && price === order.price) {
    return reject(
      'no-change',
      `Order ${order.orderId} already has size ${size} and price ${price}. Send another size or price.`,
    )
  }
  const whole = checkSize(listing, size)
  if (isReject(whole)) return whole
  const sizeLots = whole.lots - order.cumLots
  if (sizeLots <= 0) {
    return reject(
      'below-filled',
      `${order.cumSize} are filled already and the size counts them: send more than ${order.cumSize}, or cancel the order.`,
    )
  }
  const limit = checkPrice(listing, price)
  if (isReject(limit)) return limit
  const instruction = order.postOnly ? INSTRUCTION.postOnly : INSTRUCTION.rest
  const terms = { listing, priceTicks: limit.ticks, sizeLots, instruction }
  return checkMeans(floor, account, order, terms, order) ?? terms
}

function unknownSymbol(floor: Floor, symbol: string): Reject {
  const known = floor.listings.map(listing => listing.symbol).join(', ')
  return reject('unknown-symbol', `There is no instrument ${symbol}. Known ones: ${known}.`)
}

function checkKind({ orderType, timeInForce, postOnly }: PlaceOrder): Reject | undefined {
  if (orderType !== 'limit' && orderType !== 'market') {
    return reject('unsupported-order-type', `${orderType} orders are not taken. Send limit or market.`)
  }
  const mayRest = orderType === 'limit' && (timeInForce === 'GTC' || timeInForce === 'DAY')
  if (!postOnly || mayRest) return undefined
  return reject(
    'unsupported-order-type',
    'A post-only order must be able to rest. Send a limit order with GTC or DAY, or leave postOnly out.',
  )
}

export function checkPhase({ symbol, phase }: Listing): Reject | undefined {
  if (phase === 'continuous') return undefined
  return reject(
    'not-trading',
    `${symbol} is in phase ${phase}; orders are taken in phase continuous. Wait for its status event. Cancels are taken at any time.`,
  )
}

function checkSize({ symbol, spec }: Listing, size: number): { readonly lots: number } | Reject {
  const { lotSize } = spec
  const lots = size / lotSize
  if (Number.isInteger(lots) && lots >= 1 && lots <= LOTS_MAX) return { lots }
  const grid = lotSize === 1 ? 'a whole number' : `a whole multiple of ${lotSize}`
  return reject('bad-size', `Size ${size} of ${symbol} is not ${grid} from ${lotSize} to ${LOTS_MAX * lotSize}.`)
}

function checkNoPrice({ price }: PlaceOrder): { readonly ticks: number } | Reject {
  if (price === undefined) return { ticks: 0 }
  return reject(
    'price-not-allowed',
    `A market order carries no price, this one has ${price}. Leave it out, or send a limit order.`,
  )
}

function checkPrice(listing: Listing, price: number | undefined): { readonly ticks: number } | Reject {
  const { symbol, spec } = listing
  if (price === undefined) return reject('price-required', 'A limit order needs a price. Send one, or a market order.')
  const low = listing.price(1)
  const high = listing.price(spec.priceTicksMax)
  if (price < low || price > high) {
    return reject('price-out-of-band', `Price ${price} of ${symbol} is outside the band from ${low} to ${high}.`)
  }
  const ticks = toTicks(spec, price)
  if (ticks !== undefined) return { ticks }
  const below = Math.floor(price / low)
  return reject(
    'off-tick',
    `Price ${price} of ${symbol} is off the tick grid: prices are whole multiples of ${low}. Nearest: ${listing.price(below)}, ${listing.price(below + 1)}.`,
  )
}

function instructionOf({ orderType, timeInForce, postOnly }: PlaceOrder): number {
  if (timeInForce === 'FOK') return INSTRUCTION.fillOrKill
  if (timeInForce === 'IOC' || orderType === 'market') return INSTRUCTION.immediateOrCancel
  return postOnly ? INSTRUCTION.postOnly : INSTRUCTION.rest
}

function checkRoom(account: Account, { instruction }: Terms): Reject | undefined {
  const rests = instruction === INSTRUCTION.rest || instruction === INSTRUCTION.postOnly
  if (!rests || account.openOrders.size < OPEN_ORDERS_MAX) return undefined
  return reject(
    'too-many-orders',
    `The account has ${OPEN_ORDERS_MAX} open orders, as many as it may. Cancel one first.`,
  )
}

function checkLiquidity({ engine }: Floor, { side }: PlaceOrder, { listing, priceTicks }: Terms): Reject | undefined {
  if (priceTicks !== 0) return undefined
  const best = side === 'buy' ? engine.bestAsk(listing.index) : engine.bestBid(listing.index)
  if (best !== 0) return undefined
  const other = side === 'buy' ? 'sells' : 'buys'
  return reject('no-liquidity', `Nobody ${other} ${listing.symbol} now. Send a limit order, or try again later.`)
}

/** Cash for a buy at its worst, shares for a sell; what the order that is to be replaced holds back counts as free. */
function checkMeans(
  floor: Floor,
  account: Account,
  { side }: { readonly side: 'buy' | 'sell' },
  { listing, priceTicks, sizeLots }: Terms,
  replaced?: AccountOrder,
): Reject | undefined {
  const { symbol } = listing
  if (side === 'sell') {
    const freeLots = account.freeLots(listing) + (replaced?.leavesLots ?? 0)
    if (sizeLots <= freeLots) return undefined
    const [asked, free] = [listing.size(sizeLots), listing.size(freeLots)]
    return reject(
      'insufficient-position',
      `Selling ${asked} ${symbol} needs as many not offered yet; the account has ${free}. Nothing is sold short.`,
    )
  }
  const { engine } = floor
  const costUnits =
    priceTicks === 0
      ? listing.units(engine.costToFill(listing.index, sideCode(side), sizeLots, 0), 1)
      : listing.units(priceTicks, sizeLots)
  const freeUnits =
    account.buyingPowerUnits + (replaced === undefined ? 0 : listing.units(replaced.priceTicks, replaced.leavesLots))
  if (costUnits <= freeUnits) return undefined
  return reject(
    'insufficient-cash',
    `Buying ${listing.size(sizeLots)} ${symbol} may cost ${toCurrency(costUnits)}; the buying power is ${toCurrency(freeUnits)}. Buy less, or cancel open buy orders.`,
  )
}
