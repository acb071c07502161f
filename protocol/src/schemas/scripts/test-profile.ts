// Schemas of the profile of an account that tests bots: latency, failure rates and fill model of all of its orders.

import Type, { type Static } from 'typebox'
import { REJECTS, type RejectCode } from '../../codes/rejects.ts'
import { FAILING_COMMANDS, FILL_MODELS, SCRIPT_LIMITS } from '../../constants/scripts.ts'
import { safeInteger } from '../fields.ts'

const { delayMsMax, failuresMax } = SCRIPT_LIMITS
const ms = (description: string) =>
  Type.Integer({ minimum: 0, maximum: delayMsMax, description: `${description}, milliseconds` })
const kind = <T extends string>(value: T) => Type.Literal(value, { description: 'Its distribution' })

const Latency = Type.Union(
  [
    Type.Object(
      { kind: kind('fixed'), ms: ms('How long each takes') },
      { additionalProperties: false, description: 'The same for all' },
    ),
    Type.Object(
      { kind: kind('normal'), meanMs: ms('The mean'), deviationMs: ms('The standard deviation') },
      { additionalProperties: false, description: 'A normal distribution, cut off at 0' },
    ),
    Type.Object(
      { kind: kind('heavyTailed'), leastMs: ms('The shortest') },
      {
        additionalProperties: false,
        description:
          'A Pareto distribution with exponent 2: half of them are below 1.42 times the shortest, one in a hundred above 10 times',
      },
    ),
  ],
  {
    description: `How long commands for orders are under way to the exchange, in the order in which they were sent; ${delayMsMax} ms at most`,
  },
)
export type Latency = Static<typeof Latency>

const Failure = Type.Object(
  {
    code: Type.Enum(Object.keys(REJECTS) as RejectCode[], { description: 'The reject code' }),
    rate: Type.Number({ minimum: 0, maximum: 1, description: 'The share of the commands that is refused, 0 to 1' }),
    command: Type.Optional(Type.Enum([...FAILING_COMMANDS], { description: 'Which commands; place when absent' })),
  },
  { additionalProperties: false, description: 'Commands that are refused at random' },
)

const fields = {
  latency: Type.Optional(Latency),
  failures: Type.Optional(
    Type.Array(Failure, {
      maxItems: failuresMax,
      description: 'The rates of one command add up to 1 at most; orders with a testDirective are left alone',
    }),
  ),
  fillModel: Type.Optional(
    Type.Enum([...FILL_MODELS], {
      description:
        'How orders fill from now on. queue: in the book; optimistic: whole, off the book, when their price is touched; ' +
        'pessimistic: off the book, by what the other side shows when they come, and whole when a trade is beyond their price',
    }),
  ),
}
const seed = safeInteger('Of all that is random: the same seed and the same commands give the same outcomes', 0)
const EXAMPLE = {
  latency: { kind: 'normal', meanMs: 20, deviationMs: 5 },
  failures: [{ code: 'insufficient-cash', rate: 0.05 }],
  fillModel: 'pessimistic',
} as const

export const NewTestProfile = Type.Object(
  { ...fields, seed: Type.Optional(seed) },
  {
    additionalProperties: false,
    description:
      'The profile of an account for tests; what is absent is as in any other account. Without a seed it gets one of the market and the account',
    examples: [EXAMPLE, {}],
  },
)
export type NewTestProfile = Static<typeof NewTestProfile>

export const TestProfile = Type.Object(
  { ...fields, seed },
  { $id: 'TestProfile', description: 'The profile of an account for tests', examples: [{ ...EXAMPLE, seed: 7 }] },
)
export type TestProfile = Static<typeof TestProfile>
