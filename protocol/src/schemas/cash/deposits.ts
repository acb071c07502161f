// Schemas of deposits: what an account asks for, and what the exchange has done.

import Type, { type Static } from 'typebox'
import { DEPOSIT_MAX, DEPOSITS_MAX } from '../../constants/ledger.ts'
import { cash, clientOrderId, privateSeq, ts } from '../fields.ts'

const clientDepositId = clientOrderId(
  `The sender's id of the deposit, unique among the account's newest ${DEPOSITS_MAX}`,
)

export const NewDeposit = Type.Object(
  {
    clientDepositId,
    amount: Type.Number({
      exclusiveMinimum: 0,
      maximum: DEPOSIT_MAX,
      description: 'Cash to add, in currency, in whole ten-thousandths',
    }),
  },
  {
    additionalProperties: false,
    description: 'A deposit of paper money',
    examples: [{ clientDepositId: 'pay-1', amount: 5_000 }],
  },
)
export type NewDeposit = Static<typeof NewDeposit>

export const Deposit = Type.Object(
  {
    type: Type.Literal('deposit', { description: 'Name of the message' }),
    seq: privateSeq,
    ts,
    clientDepositId,
    amount: cash('Cash that was added'),
    cash: cash('Cash of the account after it'),
    duplicate: Type.Optional(
      Type.Literal(true, { description: 'The first answer again: the clientDepositId was used before' }),
    ),
  },
  {
    $id: 'Deposit',
    description: 'Cash was deposited; the balance follows',
    examples: [
      {
        type: 'deposit',
        seq: 21,
        ts: 1_767_605_400_250_000,
        clientDepositId: 'pay-1',
        amount: 5_000,
        cash: 923_056.6,
      },
    ],
  },
)
export type Deposit = Static<typeof Deposit>
