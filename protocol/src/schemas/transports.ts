// Schemas of the decision tree for transports, and of the choice that it leads to.

import Type, { type Static } from 'typebox'
import { TRANSPORTS } from '../constants/transports.ts'
import { text } from './fields.ts'

const Need = Type.Object({
  realtime: Type.Boolean({ description: 'Whether a change must be seen when it happens' }),
  bidirectional: Type.Boolean({ description: 'Whether both sides must be able to send at any time' }),
  streams: Type.Boolean({
    description: 'Whether an open response reaches the client; false behind proxies that buffer or cut it',
  }),
})
export type Need = Readonly<Static<typeof Need>>

const Chosen = Type.Enum([...TRANSPORTS], { description: 'The transport to use' })

const LeafTexts = {
  costs: Type.Array(text('A cost'), { description: 'What the transport costs' }),
  examples: Type.Array(text('An example'), { description: 'What it is usually used for' }),
}

const DecisionNode = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('question', { description: 'Kind of the node' }),
      asks: Type.Enum(Object.keys(Need.properties) as (keyof Need)[], { description: 'The need that is asked for' }),
      text: text('The question'),
      help: text('The question in more words'),
      yes: text('The next node when the answer is yes'),
      no: text('The next node when the answer is no'),
      yesReason: text('What yes says about the transport'),
      noReason: text('What no says about the transport'),
    },
    { description: 'A question' },
  ),
  Type.Object(
    {
      kind: Type.Literal('answer', { description: 'Kind of the node' }),
      transport: Chosen,
      text: text('Name of the transport'),
      ...LeafTexts,
    },
    { description: 'An answer' },
  ),
])
export type DecisionNode = Readonly<Static<typeof DecisionNode>>

export const TransportChoice = Type.Object(
  {
    transport: Chosen,
    reasons: Type.Array(text('A reason'), { description: 'Why: one sentence for each question on the path' }),
    path: Type.Array(text('Name of a node'), { description: 'The nodes from the root to the answer' }),
    ...LeafTexts,
  },
  {
    description: 'The transport for a need',
    examples: [
      {
        transport: 'rest',
        reasons: ['Nobody waits for the next change, so a plain request that can be cached is enough.'],
        path: ['realtime', 'rest'],
        costs: ['The client learns of a change only when it asks again.'],
        examples: ['lists of instruments', 'closed candles'],
      },
    ],
  },
)
export type TransportChoice = Static<typeof TransportChoice>

export const TransportAnswer = Type.Union(
  [
    TransportChoice,
    Type.Object(
      {
        root: text('Name of the first node'),
        nodes: Type.Record(Type.String(), DecisionNode, { description: 'Questions and answers, by name' }),
      },
      { description: 'The decision tree' },
    ),
  ],
  { description: 'The transport for the need in the query; without a query the whole decision tree' },
)
export type TransportAnswer = Static<typeof TransportAnswer>
