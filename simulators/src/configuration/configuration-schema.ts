// The schema of a configuration: one JSON document for a run and for a server. It validates, types and documents:
// docs/market.schema.json is made from it. Everything in it is optional.

import { readDuration, SIMULATION_PRESETS } from '@papertape/protocol'
import Type, { type Static } from 'typebox'
import { INSTRUMENTS } from '../market/instruments.ts'
import { CONFIGURED_SYMBOL, MARKET_PARTS } from '../market/settings/market-schema.ts'
import { RULE_PARTS } from '../rules/rules-schema.ts'
import { DURATION_MAX_MS } from '../run-options/run-header.ts'
import { readTimeOfDay } from '../run-options/time-of-day.ts'

const closed = { additionalProperties: false } as const

const SYMBOLS_MAX = INSTRUMENTS.length

const symbols = Type.Union(
  [
    Type.Integer({ minimum: 1, maximum: SYMBOLS_MAX }),
    Type.Array(Type.String({ pattern: CONFIGURED_SYMBOL }), { minItems: 1, maxItems: SYMBOLS_MAX, uniqueItems: true }),
  ],
  {
    takes: `a number from 1 to ${SYMBOLS_MAX}, or a list of different symbols such as ["VELTR","NIMBR"]`,
    description: 'The instruments that trade: how many, own ones first, or which; 20 when absent',
  },
)

const session = Type.Object(
  {
    start: Type.Optional(
      Type.Refine(
        Type.String({ takes: 'a time of day such as 09:30 or 13:37:05', description: '09:30:00 when absent' }),
        text => readTimeOfDay(text) !== undefined,
      ),
    ),
    duration: Type.Optional(
      Type.Refine(
        Type.String({
          takes: 'a duration such as 90s, 30m, 1h30m, 6.5h or 2d, up to a year',
          description: '1h when absent',
        }),
        text => (readDuration(text) ?? Number.POSITIVE_INFINITY) <= DURATION_MAX_MS,
      ),
    ),
    scenario: Type.Optional(
      Type.String({ description: 'As --scenario: flash-crash@10:30,halt+2h; empty: none', takes: 'a text' }),
    ),
  },
  { ...closed, description: 'When a run begins and ends, in New York, and what happens in it; a server has its own' },
)

export const ConfigurationSchema = Type.Object(
  {
    $schema: Type.Optional(Type.String({ description: 'For editors; ignored' })),
    seed: Type.Optional(
      Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'Drawn when absent; a server has 1' }),
    ),
    preset: Type.Optional(
      Type.Enum([...SIMULATION_PRESETS], {
        description: 'The tick-size regime of all; mixed, when absent: each its own',
      }),
    ),
    symbols: Type.Optional(symbols),
    session: Type.Optional(session),
    ...RULE_PARTS,
    ...MARKET_PARTS,
  },
  { ...closed, title: 'A Papertape market', description: 'A simulated market, its rules, and a run of it' },
)

/** What a user gives. */
export type GivenConfiguration = Readonly<Static<typeof ConfigurationSchema>>

/** The schema as a file for editors. */
export function schemaText(): string {
  const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', ...ConfigurationSchema }
  // `takes` is for error messages.
  return `${JSON.stringify(schema, (name, value) => (name === 'takes' ? undefined : value), 2)}\n`
}
