// Whether an order says what an order may say: its kind, its phase, its size and prices. Each check answers a Reject with
// a text that says what happened, the limit, and what to do, or what it found. Pure; risk.ts asks them in turn.

import {
  type LimitName,
  type PlaceOrder,
  type Reject,
  type RejectCode,
  type TimeInForce,
  toTicks,
} from '@papertape/protocol'
import type { Listing } from '../model/instrument.ts'
import { ACCEPTS } from '../model/phase.ts'

const LOTS_MAX = 2 ** 31 - 1

export function isReject(checked: object): checked is Reject {
  return 'code' in checked
}

export function reject(code: RejectCode, text: string, name?: LimitName, value = 0): Reject {
  return name === undefined ? { code, text } : { code, text, limit: { name, value } }
}

type Kind = Pick<PlaceOrder, 'orderType' | 'timeInForce' | 'postOnly' | 'displaySize'>

export function checkKind({ orderType, timeInForce, postOnly, displaySize }: Kind): Reject | undefined {
  const hasLimit = orderType === 'limit' || orderType === 'stopLimit'
  const mayRest = hasLimit && (timeInForce === 'GTC' || timeInForce === 'DAY')
  if (isAuctionOnly(timeInForce) && orderType !== 'limit' && orderType !== 'market') {
    const text = `A ${orderType} order cannot be for one auction alone. Send it with GTC or DAY, or a limit or market order.`
    return reject('unsupported-order-type', text)
  }
  if (postOnly && !mayRest) {
    return reject(
      'unsupported-order-type',
      'A post-only order must be able to rest. Send a limit order with GTC or DAY, or leave postOnly out.',
    )
  }
  if (displaySize === undefined || mayRest) return undefined
  return reject(
    'bad-display-size',
    'An iceberg must be able to rest. Send a limit order with GTC or DAY, or leave displaySize out.',
  )
}

/** OPG and CLS. */
export function isAuctionOnly(timeInForce: TimeInForce): boolean {
  return timeInForce === 'OPG' || timeInForce === 'CLS'
}

type Placed = Pick<PlaceOrder, 'orderType' | 'timeInForce'>

export function checkPhase({ symbol, phase }: Listing, { orderType, timeInForce }: Placed): Reject | undefined {
  const { orders, immediate, opening, closing } = ACCEPTS[phase]
  if (orders === 'refuse') {
    return reject(
      'not-trading',
      `${symbol} is in phase ${phase}; orders are taken in phase continuous. Wait for its status event. Cancels are taken at any time.`,
    )
  }
  if ((timeInForce === 'OPG' && !opening) || (timeInForce === 'CLS' && !closing)) {
    const which = timeInForce === 'OPG' ? 'opening' : 'closing'
    return reject(
      'not-trading',
      `${symbol} is in phase ${phase}, too late for its ${which} auction. Send it with GTC or DAY.`,
    )
  }
  // A market order said to be IOC, as they are unless they say otherwise, is an auction order in a call.
  const isImmediate = timeInForce === 'FOK' || (timeInForce === 'IOC' && orderType !== 'market')
  if (immediate || !isImmediate) return undefined
  return reject(
    'not-trading',
    `${symbol} is in phase ${phase}: orders are collected and nothing trades at once. Send it with GTC or DAY, or wait for phase continuous.`,
  )
}

export function checkSize({ symbol, spec }: Listing, size: number): { readonly lots: number } | Reject {
  const { lotSize } = spec
  const lots = size / lotSize
  if (Number.isInteger(lots) && lots >= 1 && lots <= LOTS_MAX) return { lots }
  const grid = lotSize === 1 ? 'a whole number' : `a whole multiple of ${lotSize}`
  const text = `Size ${size} of ${symbol} is not ${grid} from ${lotSize} to ${LOTS_MAX * lotSize}.`
  if (lots > LOTS_MAX) return reject('bad-size', text, 'sizeMax', LOTS_MAX * lotSize)
  return lots < 1 ? reject('bad-size', text, 'sizeMin', lotSize) : reject('bad-size', text, 'lotSize', lotSize)
}

/** @param partsMax into which its size may fall. */
export function checkDisplaySize(
  { symbol, spec }: Listing,
  size: number,
  displaySize: number | undefined,
  partsMax: number,
): Reject | undefined {
  if (displaySize === undefined) return undefined
  const { lotSize } = spec
  const least = Math.ceil(size / partsMax / lotSize) * lotSize
  const isOnGrid = Number.isInteger(displaySize / lotSize)
  if (isOnGrid && displaySize >= least && displaySize <= size) return undefined
  const text = `An order of ${size} ${symbol} may show from ${least} to ${size}, in whole lots of ${lotSize}, not ${displaySize}.`
  if (displaySize < least) return reject('bad-display-size', text, 'displaySizeMin', least)
  if (displaySize > size) return reject('bad-display-size', text, 'displaySizeMax', size)
  return reject('bad-display-size', text, 'lotSize', lotSize)
}

/** Ticks of its limit; 0 where it carries none. */
export function checkPrice(
  listing: Listing,
  { orderType, price }: { readonly orderType: PlaceOrder['orderType']; readonly price?: number | null | undefined },
): { readonly ticks: number } | Reject {
  if (orderType === 'limit' || orderType === 'stopLimit') {
    if (price === undefined || price === null) {
      return reject('price-required', 'A limit order needs a price. Send one, or a market order.')
    }
    return checkOnGrid(listing, 'Price', price)
  }
  if (price === undefined || price === null) return { ticks: 0 }
  const [name, other] = orderType === 'market' ? ['market', 'limit'] : ['stop', 'stopLimit']
  return reject(
    'price-not-allowed',
    `A ${name} order carries no price, this one has ${price}. Leave it out, or send a ${other} order.`,
  )
}

/** Ticks of its stop price; 0 where it carries none. */
export function checkStopPrice(
  listing: Listing,
  { orderType, stopPrice }: { readonly orderType: PlaceOrder['orderType']; readonly stopPrice?: number | undefined },
): { readonly ticks: number } | Reject {
  const isStop = orderType === 'stop' || orderType === 'stopLimit'
  if (stopPrice === undefined) {
    if (!isStop) return { ticks: 0 }
    return reject('stop-price-required', `A ${orderType} order needs a stopPrice: the trade price at which it wakes.`)
  }
  if (isStop) return checkOnGrid(listing, 'Stop price', stopPrice)
  return reject(
    'stop-price-not-allowed',
    `A ${orderType} order carries no stopPrice, this one has ${stopPrice}. Leave it out, or send a stop order.`,
  )
}

function checkOnGrid(listing: Listing, name: string, price: number): { readonly ticks: number } | Reject {
  const { symbol, spec } = listing
  const low = listing.price(1)
  const high = listing.price(spec.priceTicksMax)
  if (price < low || price > high) {
    const text = `${name} ${price} of ${symbol} is outside the band from ${low} to ${high}.`
    return price < low
      ? reject('price-out-of-band', text, 'priceMin', low)
      : reject('price-out-of-band', text, 'priceMax', high)
  }
  const ticks = toTicks(spec, price)
  if (ticks !== undefined) return { ticks }
  const below = Math.floor(price / low)
  return reject(
    'off-tick',
    `${name} ${price} of ${symbol} is off the tick grid: prices are whole multiples of ${low}. Nearest: ${listing.price(below)}, ${listing.price(below + 1)}.`,
    'tickSize',
    low,
  )
}
