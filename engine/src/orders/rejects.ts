// Every reject of the exchange, by name: its code, its text, and the limit that was broken. A text says what happened
// and what to do next. Nothing here decides whether to reject: the checks do.

import {
  type LimitName,
  type OrderStatus,
  type OrderType,
  REJECTS,
  type Reject,
  type RejectCode,
  type Side,
  type TimeInForce,
} from '@papertape/protocol'
import type { TradedInstrument } from '../model/instrument.ts'

export const reject = {
  onRequest: (code: RejectCode): Reject => ({
    code,
    text: `${REJECTS[code]}. A script of the test refuses this order.`,
    scripted: true,
  }),

  unknownSymbol: (symbol: string, known: readonly TradedInstrument[]) =>
    of('unknown-symbol', `There is no instrument ${symbol}. Known ones: ${known.map(one => one.symbol).join(', ')}.`),

  auctionOnlyStop: (orderType: OrderType) =>
    of(
      'unsupported-order-type',
      `A ${orderType} order cannot be for one auction alone. Send it with GTC or DAY, or a limit or market order.`,
    ),

  postOnlyMustRest: () =>
    of(
      'unsupported-order-type',
      'A post-only order must be able to rest. Send a limit order with GTC or DAY, or leave postOnly out.',
    ),

  icebergMustRest: () =>
    of(
      'bad-display-size',
      'An iceberg must be able to rest. Send a limit order with GTC or DAY, or leave displaySize out.',
    ),

  orderClassRequired: () =>
    of('bad-order-list', 'takeProfit and stopLoss belong to a list. Send it with orderClass, or leave them out.'),

  legRequired: (name: 'takeProfit' | 'stopLoss') =>
    of('bad-order-list', `The list needs a ${name}. Send one with its price.`),

  badOco: () =>
    of(
      'bad-order-list',
      'The order of an oco is its take-profit: a limit order with GTC, DAY or GTD, without takeProfit, and with stopLoss.',
    ),

  trailingInList: () =>
    of('bad-order-list', 'A trailing stop stands alone. Send a limit, market, stop or stopLimit order.'),

  sameIdsInList: () => of('bad-order-list', 'Each order of a list has a clientOrderId of its own.'),

  idTakenInList: (clientOrderId: string) =>
    of('duplicate-client-order-id', `clientOrderId ${clientOrderId} is in use. Send the list with a new one.`),

  legPrices: (side: Side) =>
    of(
      'bad-order-list',
      `The take-profit ${side}s ${side === 'sell' ? 'above' : 'below'} the stop price and no worse than the limit of the stop-loss.`,
    ),

  sizeOfList: () =>
    of(
      'bad-order-list',
      'The orders of a list have one size. Change prices only, or cancel the list and place it again.',
    ),

  listStarted: () =>
    of('list-started', 'The entry of the list has filled: the order is active, with the size that filled.'),

  listReduced: () => of('list-reduced', 'The other order of the list has filled in part.'),

  listEnded: () => of('list-ended', 'Another order of the list has filled, triggered or ended.'),

  trailRequired: () =>
    of(
      'bad-trail',
      'A trailingStop order needs either a trailAmount, in currency, or a trailPercent. Send one of them.',
    ),

  trailNotAllowed: (orderType: OrderType) =>
    of(
      'bad-trail',
      `A ${orderType} order carries no trailAmount, trailPercent or limitOffset. Leave them out, or send a trailingStop order.`,
    ),

  badTrailPercent: (most: number) =>
    of('bad-trail', `A trailPercent is from 0.01 to ${most}, in hundredths.`, 'trailPercentMax', most),

  trailingPriceNotAllowed: (price: number) =>
    of(
      'price-not-allowed',
      `A trailingStop order carries no price, this one has ${price}. Its limit follows from its limitOffset.`,
    ),

  trailingStopPriceNotAllowed: () =>
    of(
      'stop-price-not-allowed',
      'The exchange sets the stopPrice of a trailingStop order. Leave it out; for another trail cancel it and place it again.',
    ),

  stopTrailed: (stopPrice: number) => of('stop-trailed', `The stop price has followed the market to ${stopPrice}.`),

  minSizeNotAllowed: () =>
    of(
      'bad-min-size',
      'A minSize is for limit and market orders that may trade on entry in part: GTC, DAY, GTD or IOC, not post-only. Leave it out.',
    ),

  badMinSize: ({ symbol, spec }: TradedInstrument, size: number, minSize: number, most?: number) => {
    const text = `The minSize of ${size} ${symbol} is from ${spec.lotSize} to ${size}, in whole lots of ${spec.lotSize}, not ${minSize}.`
    return most === undefined
      ? of('bad-min-size', text, 'lotSize', spec.lotSize)
      : of('bad-min-size', text, 'minSizeMax', most)
  },

  minSizeInCall: ({ symbol, phase }: TradedInstrument) =>
    of(
      'not-trading',
      `${symbol} is in phase ${phase}: nothing trades on entry. Leave minSize out, or wait for phase continuous.`,
    ),

  belowMinSize: (minSize: number, fillableSize: number) =>
    of(
      'cannot-fill',
      `Only ${fillableSize} can be filled at once, less than its minSize ${minSize}. Send a smaller minSize, or another price.`,
      'fillableSize',
      fillableSize,
    ),

  marketNeverStands: () =>
    of(
      'unsupported-order-type',
      'A market order trades at once or in one auction: it cannot be good till a date. Send it with IOC, or a limit order.',
    ),

  expireTimeRequired: () =>
    of('bad-expire-time', "A GTD order needs an expireTime: the market's clock, milliseconds since 1970."),

  expireTimeNotAllowed: (timeInForce: TimeInForce) =>
    of('bad-expire-time', `A ${timeInForce} order carries no expireTime. Leave it out, or send it with GTD.`),

  expireTimeOver: (expireTime: number, time: number) =>
    of(
      'bad-expire-time',
      `The expireTime ${expireTime} is over: the market's clock is at ${time}, milliseconds since 1970.`,
      'expireTimeMin',
      time + 1,
    ),

  expireTimeReached: () => of('expire-time-reached', 'The order was good till its expireTime, which has come.'),

  notTrading: ({ symbol, phase }: TradedInstrument) =>
    of(
      'not-trading',
      `${symbol} is in phase ${phase}; orders are taken in phase continuous. Wait for its status event. Cancels are taken at any time.`,
    ),

  tooLateForAuction: ({ symbol, phase }: TradedInstrument, auction: 'opening' | 'closing') =>
    of('not-trading', `${symbol} is in phase ${phase}, too late for its ${auction} auction. Send it with GTC or DAY.`),

  notImmediate: ({ symbol, phase }: TradedInstrument) =>
    of(
      'not-trading',
      `${symbol} is in phase ${phase}: orders are collected and nothing trades at once. Send it with GTC or DAY, or wait for phase continuous.`,
    ),

  badSize: ({ symbol, spec }: TradedInstrument, size: number, sizeMax: number, limit: LimitName, value: number) =>
    of(
      'bad-size',
      `Size ${size} of ${symbol} is not ${grid(spec.lotSize)} from ${spec.lotSize} to ${sizeMax}.`,
      limit,
      value,
    ),

  badDisplaySize: (
    { symbol, spec }: TradedInstrument,
    size: number,
    least: number,
    displaySize: number,
    limit: LimitName,
    value: number,
  ) =>
    of(
      'bad-display-size',
      `An order of ${size} ${symbol} may show from ${least} to ${size}, in whole lots of ${spec.lotSize}, not ${displaySize}.`,
      limit,
      value,
    ),

  priceRequired: () => of('price-required', 'A limit order needs a price. Send one, or a market order.'),

  priceNotAllowed: (name: 'market' | 'stop', instead: 'limit' | 'stopLimit', price: number) =>
    of(
      'price-not-allowed',
      `A ${name} order carries no price, this one has ${price}. Leave it out, or send a ${instead} order.`,
    ),

  stopPriceRequired: (orderType: OrderType) =>
    of('stop-price-required', `A ${orderType} order needs a stopPrice: the trade price at which it triggers.`),

  stopPriceNotAllowed: (orderType: OrderType, stopPrice: number) =>
    of(
      'stop-price-not-allowed',
      `A ${orderType} order carries no stopPrice, this one has ${stopPrice}. Leave it out, or send a stop order.`,
    ),

  noStopToReplace: (orderId: string, hasTriggered: boolean) =>
    of(
      'stop-price-not-allowed',
      `Order ${orderId} ${hasTriggered ? 'has triggered already' : 'is no stop order'}. Leave stopPrice out.`,
    ),

  outsideLadder: (
    { symbol }: TradedInstrument,
    name: string,
    price: number,
    [low, high]: readonly [number, number],
    limit: 'priceMin' | 'priceMax',
  ) =>
    of(
      'price-out-of-band',
      `${name} ${price} of ${symbol} is outside the band from ${low} to ${high}.`,
      limit,
      limit === 'priceMin' ? low : high,
    ),

  offTick: (
    { symbol }: TradedInstrument,
    name: string,
    price: number,
    tickSize: number,
    [below, above]: readonly [number, number],
  ) =>
    of(
      'off-tick',
      `${name} ${price} of ${symbol} is off the tick grid: prices are whole multiples of ${tickSize}. Nearest: ${below}, ${above}.`,
      'tickSize',
      tickSize,
    ),

  belowFilled: (filledSize: number) =>
    of(
      'below-filled',
      `${filledSize} are filled already, and the size includes them: send more than ${filledSize}, or cancel the order.`,
      'filledSize',
      filledSize,
    ),

  noChange: (orderId: string, size: number, price: number | null, stopPrice: number | undefined) => {
    const stop = stopPrice === undefined ? '' : ` and stop price ${stopPrice}`
    return of(
      'no-change',
      `Order ${orderId} already has size ${size} and price ${price ?? 'any'}${stop}. Send another size or price.`,
    )
  },

  notionalTooLarge: (notional: number, notionalMax: number) =>
    of(
      'notional-too-large',
      `The order is worth ${notional}; one order may be worth ${notionalMax}. Send it in parts.`,
      'notionalMax',
      notionalMax,
    ),

  tooManyOrders: (openOrdersMax: number) =>
    of(
      'too-many-orders',
      `The account has ${openOrdersMax} open orders, the most it may have. Cancel one first.`,
      'openOrdersMax',
      openOrdersMax,
    ),

  tooManyAlerts: (activeMax: number) =>
    of(
      'too-many-alerts',
      `The account has ${activeMax} active alerts, the most it may have. Delete one first.`,
      'activeAlertsMax',
      activeMax,
    ),

  alertAtLastTrade: ({ symbol }: TradedInstrument, price: number) =>
    of(
      'alert-at-last-trade',
      `The last trade of ${symbol} was at ${price}: there is no side from which the price is crossed. Choose another price.`,
      'lastPrice',
      price,
    ),

  noLiquidity: ({ symbol }: TradedInstrument, side: Side) =>
    of(
      'no-liquidity',
      `Nobody ${side === 'buy' ? 'sells' : 'buys'} ${symbol} now. Send a limit order, or try again later.`,
    ),

  insufficientPosition: ({ symbol }: TradedInstrument, size: number, freeSize: number) =>
    of(
      'insufficient-position',
      `Selling ${size} ${symbol} needs as many that no open order offers; the account has ${freeSize}. Short sales are not allowed.`,
      'freeSize',
      freeSize,
    ),

  insufficientCash: ({ symbol }: TradedInstrument, size: number, cost: number, buyingPower: number) =>
    of(
      'insufficient-cash',
      `Buying ${size} ${symbol} may cost ${cost}; the buying power is ${buyingPower}. Buy less, or cancel open buy orders.`,
      'buyingPower',
      buyingPower,
    ),

  insufficientMargin: (
    { symbol }: TradedInstrument,
    size: number,
    required: number,
    equity: number,
    buyingPower: number,
  ) =>
    of(
      'insufficient-margin',
      `With ${size} ${symbol} the initial margin is ${required}; the equity is ${equity}. Trade less, or close positions.`,
      'buyingPower',
      buyingPower,
    ),

  postOnlyWouldTrade: (price: number, bestPrice: number) =>
    of(
      'post-only-would-trade',
      `At ${price} the post-only order would trade with the best price ${bestPrice}. Send a price behind it.`,
      'bestPrice',
      bestPrice,
    ),

  cannotFill: (size: number, fillableSize: number) =>
    of(
      'cannot-fill',
      `Only ${fillableSize} of ${size} can be filled at once. Send a smaller size, another price, or IOC.`,
      'fillableSize',
      fillableSize,
    ),

  outsidePriceBand: ({ symbol }: TradedInstrument, side: Side, low: number, high: number) => {
    const value = side === 'buy' ? high : low
    return of(
      'price-out-of-band',
      `${symbol} trades from ${low} to ${high} now: the order trades no farther than ${value}. Status events carry the bands.`,
      side === 'buy' ? 'bandHigh' : 'bandLow',
      value,
    )
  },

  beyondCollar: (side: Side, from: number, value: number) =>
    of(
      'beyond-collar',
      `A market order trades no farther than ${value}, its collar from ${from}. Send a limit order for the rest.`,
      side === 'buy' ? 'collarHigh' : 'collarLow',
      value,
    ),

  selfTradePrevented: () =>
    of(
      'self-trade-prevented',
      'It would have traded with an order of the same account. The self-trade prevention of the later order does not let it.',
    ),

  auctionOver: () => of('auction-over', 'The order was for an auction, which has ended.'),

  marketClosed: () => of('market-closed', 'The order was good for the day, and the symbol has closed.'),

  duplicateClientOrderId: (clientOrderId: string, orderId: string) =>
    of(
      'duplicate-client-order-id',
      `clientOrderId ${clientOrderId} is in use by order ${orderId}. Send the replace with a new one.`,
    ),

  sessionLost: (sessionId: string, graceMs: number) =>
    of(
      'session-lost',
      graceMs === 0
        ? `The session ${sessionId} was lost. Log on with graceMs to have time to return.`
        : `The session ${sessionId} was lost and did not return within ${graceMs} ms.`,
    ),

  cancelAllAfter: () =>
    of(
      'cancel-all-after',
      'The time of cancelAllAfter has passed. Send it again before that, or with 0 to switch it off.',
    ),

  tooManyDeposits: (most: number) =>
    of('too-many-deposits', `An account may have ${most} deposits in 24 hours. Wait.`, 'depositsMax', most),

  cashTooLarge: (most: number) =>
    of('cash-too-large', `An account may have ${most} in cash. Deposit less.`, 'cashMax', most),

  marginCall: () =>
    of('margin-call', 'The equity of the account was below its maintenance margin. Deposit cash, or hold less.'),

  alreadyDone: (orderId: string, status: OrderStatus) =>
    of('already-done', `Order ${orderId} has ended: it is ${status}.`),

  unknownOpenOrder: (orderId: string) =>
    of('unknown-order', `The account has no open order ${orderId}. GET /v1/orders?status=open lists them.`),

  unknownOrder: (orderId: string) =>
    of('unknown-order', `The account has no order ${orderId}. GET /v1/orders lists its orders.`),
} as const

export function isReject(checked: object): checked is Reject {
  return 'code' in checked
}

function of(code: RejectCode, text: string, name?: LimitName, value = 0): Reject {
  return name === undefined ? { code, text } : { code, text, limit: { name, value } }
}

function grid(lotSize: number): string {
  return lotSize === 1 ? 'a whole number' : `a whole multiple of ${lotSize}`
}
