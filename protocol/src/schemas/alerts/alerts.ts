// Schemas of alerts: how one is created and listed, and the private event of one that has triggered.

import Type, { type Static } from 'typebox'
import { ALERT_CONDITIONS, ALERT_PERCENT, ALERT_STATUSES } from '../../constants/alerts.ts'
import { PHASES, SYMBOL_PATTERN } from '../../constants/instruments.ts'
import { clientOrderId, price, privateSeq, Side, size, text, ts, wallMs } from '../fields.ts'

const condition = Type.Enum([...ALERT_CONDITIONS], { description: 'What it waits for' })
const clientAlertId = Type.Optional(
  clientOrderId("The sender's id of the alert, unique among those that are listed; sent again it makes no second one"),
)
const percent = Type.Optional(
  Type.Number({
    minimum: ALERT_PERCENT.least,
    maximum: ALERT_PERCENT.most,
    description: 'Of priceMoves: how far from the reference price, up or down, percent in steps of 0.01',
  }),
)
const orderId = (description: string) => Type.Optional(text(description))

export const NewAlert = Type.Object(
  {
    clientAlertId,
    condition,
    symbol: Type.Optional(
      Type.String({ pattern: SYMBOL_PATTERN, description: 'The instrument; of orderFills there is none' }),
    ),
    price: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, description: 'Of priceCrosses: the price, in currency, on the tick grid' }),
    ),
    percent,
    orderId: orderId('Of orderFills: an open order of the account; any order of the account when absent'),
  },
  {
    additionalProperties: false,
    description: 'An alert to create',
    examples: [
      { clientAlertId: 'a-1', condition: 'priceCrosses', symbol: 'VELTR', price: 185 },
      { condition: 'priceMoves', symbol: 'VELTR', percent: 2.5 },
      { condition: 'orderFills' },
    ],
  },
)
export type NewAlert = Static<typeof NewAlert>

const Trigger = Type.Object(
  {
    time: Type.Integer({ description: "The market's clock, milliseconds since 1970" }),
    symbol: text('The instrument'),
    price: Type.Optional(price('Price of the trade or fill')),
    size: Type.Optional(size('Of orderFills: size of the fill')),
    side: Type.Optional(Side),
    orderId: orderId('Of orderFills: the order that filled'),
    clientOrderId: Type.Optional(text("Of orderFills: the sender's id of that order")),
    phase: Type.Optional(Type.Enum([...PHASES], { description: 'Of halts and resumes: the new phase' })),
  },
  { description: 'What has triggered it; only of a triggered alert' },
)

const state = {
  alertId: text('The id of the alert, unique in the account'),
  clientAlertId,
  condition,
  symbol: Type.Optional(text('The instrument; absent of orderFills')),
  price: Type.Optional(price('Of priceCrosses: the price')),
  direction: Type.Optional(
    Type.Enum(['up', 'down'], {
      description:
        'Of priceCrosses: whether the price is reached from below or from above, as seen from the last trade',
    }),
  ),
  percent,
  referencePrice: Type.Optional(price('Of priceMoves: the price of the last trade when it was created')),
  orderId: orderId('Of orderFills: the order; any order of the account when absent'),
  status: Type.Enum([...ALERT_STATUSES], {
    description: 'canceled: the order that it waited for has ended without a fill',
  }),
  createdAt: wallMs('When it was created'),
  endedAt: Type.Optional(wallMs('When it triggered or was canceled')),
  trigger: Type.Optional(Trigger),
}
const EXAMPLE = {
  alertId: '7',
  clientAlertId: 'a-1',
  condition: 'priceCrosses',
  symbol: 'VELTR',
  price: 185,
  direction: 'up',
  status: 'active',
  createdAt: 1_767_605_400_300,
}
const EXAMPLE_TRIGGERED = {
  ...EXAMPLE,
  status: 'triggered',
  endedAt: 1_767_605_460_120,
  trigger: { time: 1_767_605_460_120, symbol: 'VELTR', price: 185.01 },
}

export const AlertState = Type.Object(state, {
  $id: 'AlertState',
  description: 'An alert of the account',
  examples: [EXAMPLE, EXAMPLE_TRIGGERED],
})
export type AlertState = Static<typeof AlertState>

export const AlertAnswer = Type.Object(
  {
    ...state,
    duplicate: Type.Optional(
      Type.Literal(true, { description: 'The clientAlertId was used before: this is its alert' }),
    ),
  },
  { description: 'The alert that was created', examples: [EXAMPLE] },
)
export type AlertAnswer = Static<typeof AlertAnswer>

export const AlertsAnswer = Type.Object(
  { alerts: Type.Array(AlertState, { description: 'Newest first' }) },
  { description: 'The alerts of the account, active and ended', examples: [{ alerts: [EXAMPLE_TRIGGERED] }] },
)
export type AlertsAnswer = Static<typeof AlertsAnswer>

export const AlertUpdate = Type.Object(
  { type: Type.Literal('alert', { description: 'Name of the message' }), seq: privateSeq, ts, ...state },
  {
    $id: 'AlertUpdate',
    description: 'An alert has triggered; it does so once',
    examples: [{ type: 'alert', seq: 21, ts: 1_767_605_460_120_000, ...EXAMPLE_TRIGGERED }],
  },
)
export type AlertUpdate = Static<typeof AlertUpdate>
