// Schemas of the ledger: each change of an account's cash with its cause.

import Type, { type Static } from 'typebox'
import { LEDGER_CAUSES } from '../../constants/ledger.ts'
import { cash, nullable, price, privateSeq, Side, size, symbol, text, ts } from '../fields.ts'

const ofTrade = 'Of a trade and its fee'

export const LedgerEntry = Type.Object(
  {
    seq: privateSeq,
    ts,
    cause: Type.Enum([...LEDGER_CAUSES], {
      description: 'Why the cash has changed; liquidation: a trade by which the exchange closed a position',
    }),
    amount: cash('By how much; negative: the account paid'),
    balance: cash('Cash of the account after it'),
    orderId: Type.Optional(text(`${ofTrade}: the exchange's id of the order`)),
    tradeId: Type.Optional(Type.Integer({ description: `${ofTrade}: the trade, as in the feed` })),
    symbol: Type.Optional(symbol),
    side: Type.Optional(Side),
    size: Type.Optional(size('Of a trade: the size of the fill')),
    price: Type.Optional(price('Of a trade: the price of the fill')),
    clientDepositId: Type.Optional(text("Of a deposit: the sender's id")),
  },
  {
    $id: 'LedgerEntry',
    description: 'A change of cash',
    examples: [
      {
        seq: 17,
        ts: 1_767_605_400_250_000,
        cause: 'trade',
        amount: -7_373.2,
        balance: 918_056.6,
        orderId: '1042',
        tradeId: 903,
        symbol: 'VELTR',
        side: 'buy',
        size: 40,
        price: 184.33,
      },
    ],
  },
)
export type LedgerEntry = Static<typeof LedgerEntry>

export const LedgerAnswer = Type.Object(
  {
    entries: Type.Array(LedgerEntry, {
      description: 'Newest first; `balance` of each is that of the next one and its `amount`',
    }),
    after: nullable(text('Send it as ?after= for the next page'), 'this is the last page'),
  },
  {
    description: 'A page of the ledger of the account',
    examples: [
      {
        entries: [
          { seq: 21, ts: 1_767_605_400_250_000, cause: 'deposit', amount: 5_000, balance: 5_000, clientDepositId: 'a' },
          { seq: 1, ts: 1_767_605_300_250_000, cause: 'opening', amount: 0, balance: 0 },
        ],
        after: null,
      },
    ],
  },
)
export type LedgerAnswer = Static<typeof LedgerAnswer>
