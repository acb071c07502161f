// Random commands of accounts, desks and the operator, as fast-check arbitraries. Few ids and few prices, so that they
// meet open orders, ended ones and each other. For the property tests and the soak of the exchange.

import { type Command, PHASES, type Stamp } from '@papertape/protocol'
import fc from 'fast-check'
import { LULD_BANDS, type Rules } from '../../model/rules.ts'
import { ACCOUNTS, CASH, type StampedCommand, TEST_INSTRUMENTS } from '../audit/exchange-auditor.ts'
import { MARGIN_ACCOUNT } from '../audit/margin-auditor.ts'
import { accountId, clientOrderId, lots, placing, side, spec, ticks } from './random-orders.ts'

const START: Stamp = { ts: 1_700_000_000_000_000, time: 1_700_000_000_000 }

const replaceId = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 0, max: 40 }).map(id => `r${id}`) },
  { weight: 1, arbitrary: clientOrderId },
)
const desk = fc.integer({ min: 0, max: 2 })
const ref = fc.integer({ min: 0, max: 25 })

const reference = fc.oneof(
  fc.record({ origClientOrderId: fc.oneof(clientOrderId, replaceId) }),
  fc.record({ orderId: fc.integer({ min: 1, max: 50 }).map(String) }),
)
const replacing = fc
  .record({
    accountId,
    clientOrderId: replaceId,
    reference,
    lots: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined, freq: 1 }),
    lotSize: fc.constantFrom(1, 1, 10),
    ticks: fc.option(ticks, { nil: undefined }),
    stopTicks: fc.constantFrom(...Array(40).fill(undefined), ...Array(8).keys()),
  })
  .map(({ reference, lots, lotSize, ticks, stopTicks, ...replace }) => ({
    type: 'order.replace',
    ...replace,
    ...reference,
    ...(lots === undefined ? {} : { size: lots * lotSize }),
    ...(ticks === undefined ? {} : { price: ticks / 100 }),
    ...(stopTicks === undefined ? {} : { stopPrice: stopTicks / 100 }),
  }))
const deskPlacing = fc
  .record({
    desk,
    ref,
    spec,
    side,
    priceTicks: ticks,
    sizeLots: lots,
    instruction: fc.constantFrom('rest', 'rest', 'rest', 'rest', 'immediateOrCancel', 'fillOrKill', 'postOnly'),
    displayLots: fc.constantFrom(undefined, undefined, undefined, 1, 3),
  })
  .map(({ spec, displayLots, ...order }) => ({
    type: 'desk.place',
    ...order,
    symbol: spec.symbol,
    ...(displayLots === undefined ? {} : { displayLots }),
  }))
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const cancellingAll = fc
  .record({ accountId, spec: optional(spec), side: optional(side) })
  .map(({ accountId, spec, side }) => ({
    type: 'order.cancelAll',
    accountId,
    ...(spec === undefined ? {} : { symbol: spec.symbol }),
    ...(side === undefined ? {} : { side }),
  }))
const cancelling = fc
  .record({ accountId, reference })
  .map(({ accountId, reference }) => ({ type: 'order.cancel', accountId, ...reference }))
const printing = fc.record({
  type: fc.constant('trade.print'),
  hidden: fc.boolean(),
  symbol: spec.map(({ symbol }) => symbol),
  price: fc.integer({ min: 0, max: 5_000 }).map(units => units / 10_000),
  size: fc.integer({ min: 0, max: 50 }),
  aggressor: side,
})
const phasing = fc.record({
  type: fc.constant('phase.set'),
  symbol: fc.constantFrom('ONE', 'TEN', null),
  phase: fc.constantFrom('continuous', 'continuous', 'continuous', 'continuous', 'continuous', ...PHASES),
  reason: fc.constantFrom(null, 'news'),
  until: fc.constant(null),
})

const depositing = fc.record({
  type: fc.constant('account.deposit'),
  accountId,
  clientDepositId: fc.integer({ min: 0, max: 30 }).map(id => `d${id}`),
  amount: fc.constantFrom(0.0001, 0.5, 2),
})
const guarding = fc.record({
  type: fc.constant('session.guard'),
  accountId,
  sessionId: fc.constantFrom('s1', 's2'),
  cancels: fc.constantFrom('none', 'connection', 'connection', 'account'),
  graceMs: fc.constantFrom(0, 0, 500),
})
const timing = fc.oneof(
  fc.record({ type: fc.constant('order.cancelAllAfter'), accountId, timeoutMs: fc.constantFrom(0, 400, 4_000) }),
  fc.record({ type: fc.constant('order.cancelDue') }),
)
const losing = fc.oneof(
  fc.record({
    type: fc.constant('session.lose'),
    accountId,
    sessionId: fc.constantFrom('s1', 's2'),
    cause: fc.constantFrom(undefined, 'disconnect'),
  }),
  fc.record({ type: fc.constant('session.loseAll'), cause: fc.constantFrom(undefined, 'restart') }),
)
const publishing = fc.record({
  type: fc.constant('news.publish'),
  headline: fc.constantFrom('Storm', 'Merger'),
  symbols: fc.subarray(['ONE', 'TEN']),
  severity: fc.constantFrom('info', 'alert'),
})

const alerting = fc.oneof(
  fc
    .record({
      accountId,
      clientAlertId: fc.constantFrom(undefined, undefined, 'k1', 'k2'),
      terms: fc.oneof(
        fc.record({
          condition: fc.constant('priceCrosses'),
          symbol: fc.constant('ONE'),
          price: ticks.map(n => n / 100),
        }),
        fc.record({
          condition: fc.constant('priceMoves'),
          symbol: spec.map(({ symbol }) => symbol),
          percent: fc.constantFrom(0.01, 5, 12.5, 40),
        }),
        fc.record(
          { condition: fc.constant('orderFills'), orderId: fc.integer({ min: 1, max: 50 }).map(String) },
          { requiredKeys: ['condition'] },
        ),
        fc.record({
          condition: fc.constantFrom('halts', 'resumes'),
          symbol: fc.constantFrom('ONE', 'TEN', 'NONE'),
        }),
      ),
    })
    .map(({ accountId, clientAlertId, terms }) => ({
      type: 'alert.create',
      accountId,
      ...(clientAlertId === undefined ? {} : { clientAlertId }),
      ...terms,
    })),
  fc.record({ type: fc.constant('alert.delete'), accountId, alertId: fc.integer({ min: 1, max: 12 }).map(String) }),
)

const command = fc.oneof(
  { weight: 30, arbitrary: placing },
  { weight: 40, arbitrary: deskPlacing },
  { weight: 16, arbitrary: replacing },
  { weight: 6, arbitrary: cancelling },
  { weight: 1, arbitrary: cancellingAll },
  { weight: 5, arbitrary: fc.record({ type: fc.constant('desk.cancel'), desk, ref }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('desk.reduce'), desk, ref, byLots: lots }) },
  { weight: 2, arbitrary: printing },
  { weight: 3, arbitrary: phasing },
  { weight: 2, arbitrary: depositing },
  { weight: 2, arbitrary: guarding },
  { weight: 1, arbitrary: losing },
  { weight: 2, arbitrary: timing },
  { weight: 1, arbitrary: publishing },
  { weight: 6, arbitrary: alerting },
  { weight: 1, arbitrary: fc.constant({ type: 'clock.advance' }) },
) as fc.Arbitrary<unknown> as fc.Arbitrary<Command>

/** Mostly short, sometimes minutes, seldom a day, after which ids are free again. */
const pauseMs = fc.oneof(
  { weight: 30, arbitrary: fc.integer({ min: 0, max: 4_000 }) },
  { weight: 3, arbitrary: fc.constantFrom(60_000, 150_000) },
  { weight: 1, arbitrary: fc.constantFrom(86_400_000, 40_000_000) },
)

interface SoakCommand {
  readonly command: Command
  /** After the command before it. */
  readonly pauseMs: number
}

export const timedCommand: fc.Arbitrary<SoakCommand> = fc.record({ command, pauseMs })

/** A desk sells shares of each instrument to each account. */
const STOCKING = TEST_INSTRUMENTS.flatMap(({ symbol, lotSize }): Command[] => {
  const offer = {
    type: 'desk.place',
    desk: 3,
    ref: lotSize,
    symbol,
    side: 'sell',
    priceTicks: 20,
    sizeLots: 30,
  } as const
  const bid = {
    type: 'order.place',
    symbol,
    side: 'buy',
    orderType: 'limit',
    timeInForce: 'GTC',
    postOnly: false,
  } as const
  const terms = { ...bid, clientOrderId: `stock${lotSize}`, size: 6 * lotSize, price: lotSize === 1 ? 0.2 : 0.1 }
  return [{ ...offer, instruction: 'rest' }, ...ACCOUNTS.map(accountId => ({ ...terms, accountId }))]
})

/** Stamps the commands, after those that open the accounts and give them shares. */
export function stampAll(drawn: readonly SoakCommand[]): StampedCommand[] {
  let { ts, time } = START
  const opening = Object.entries(CASH).map(
    ([accountId, cash]): Command => ({
      type: 'account.open',
      accountId,
      tokenHash: `#${accountId}`,
      cash,
      ...(accountId === MARGIN_ACCOUNT ? { margin: true } : {}),
    }),
  )
  const steps = [...opening, ...STOCKING].map(command => ({ command, stamp: START }))
  for (const { command, pauseMs } of drawn) {
    ts += pauseMs * 1_000
    time += pauseMs
    steps.push({ command: atTime(command, time), stamp: { ts, time } })
  }
  return steps
}

/** The expireTime was drawn as a time after the command. */
function atTime(command: Command, time: number): Command {
  if (command.type !== 'order.place' || command.expireTime === undefined) return command
  return { ...command, expireTime: time + command.expireTime }
}

/** Bands that a few trades move, and times shorter than the pauses between commands. */
const BANDS = {
  ...LULD_BANDS,
  holdMs: 2_000,
  widths: [{ fromUnits: 0, tierOneBps: 2_000, tierTwoBps: 4_000, mostUnits: 1_000_000 }],
  tierTwo: ['TEN'],
  limitStateMs: 3_000,
  pauseMs: 40_000,
  reopeningBps: 1_000,
}
const HOUR_MS = 3_600_000
/** Days of about half an hour, starting with the commands. */
const SCHEDULE = {
  preOpenMs: 22 * HOUR_MS,
  openingAuctionMs: 22.22 * HOUR_MS,
  continuousMs: 22.23 * HOUR_MS,
  closingAuctionMs: 22.26 * HOUR_MS,
  closedMs: 22.27 * HOUR_MS,
}
/** So near to what opens a position that small moves of the price are calls. */
const CLOSE_MARGIN = { initialBps: 5_000, longMaintenanceBps: 4_700, shortMaintenanceBps: 4_900, graceMs: 0 }
const LATE_MARGIN = { ...CLOSE_MARGIN, graceMs: 5_000 }

export const RULES: Readonly<Record<string, Partial<Rules>>> = {
  plain: { margin: CLOSE_MARGIN },
  bare: { collar: null, openOrdersMax: 3, margin: LATE_MARGIN },
  banded: { bands: BANDS, margin: CLOSE_MARGIN },
  /** So high that a sale of cheap shares may bring nothing. */
  charged: { fees: { makerRate: 1_500, takerRate: 30_000, perShareUnits: 130 } },
  scheduled: { bands: BANDS, collar: null, schedule: SCHEDULE, notionalMaxUnits: 30_000 },
}
