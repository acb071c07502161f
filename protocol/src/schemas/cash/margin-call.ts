// Schema of a margin call, an event of a margin account's private stream.

import Type, { type Static } from 'typebox'
import { cash, nullable, privateSeq, ts, wallMs } from '../fields.ts'

export const MarginCall = Type.Object(
  {
    type: Type.Literal('marginCall', { description: 'Name of the message' }),
    seq: privateSeq,
    ts,
    equity: cash('Equity of the account'),
    maintenanceMargin: cash('What it must be'),
    dueTime: nullable(
      wallMs("When the account's orders are canceled and its positions closed, by the market's clock"),
      'the call is over',
    ),
  },
  {
    $id: 'MarginCall',
    description: 'The equity of a margin account has fallen below its maintenance margin, or the call is over',
    examples: [
      {
        type: 'marginCall',
        seq: 42,
        ts: 1_767_605_400_250_000,
        equity: 23_950,
        maintenanceMargin: 24_000,
        dueTime: 1_767_605_400_250,
      },
    ],
  },
)
export type MarginCall = Static<typeof MarginCall>
