// The schema of a scenario in a configuration: the steps and expectations of scenarios/scenario.ts, with the limits
// within which a market can play them. The catalogue's scenarios are valid in it.

import { NEWS_SEVERITIES, PHASES, SIDES } from '@papertape/protocol'
import Type from 'typebox'
import { SESSION_MS } from '../intraday-profile.ts'
import { CHECKED_MS, type MeasureName } from '../scenarios/scenario.ts'

/** A scenario's name is part of a schedule such as `mine@10:30,halt+20m`. */
export const SCENARIO_NAME_PATTERN = '^[a-z][a-z0-9-]{0,39}$'

const TEXT_MOST = 400
const MEASURES = [
  ...['lowestMid', 'lowestTrade', 'moveAtEnd', 'recovered', 'volatility', 'eventRate', 'volumeRate', 'spread', 'depth'],
  ...['trades', 'sweptLevels'],
] as const satisfies readonly MeasureName[]

const text = (description: string) => Type.String({ minLength: 1, maxLength: TEXT_MOST, description })
const multiple = (description: string) =>
  Type.Optional(Type.Number({ minimum: 0.01, maximum: 20, description: `Multiplies ${description}` }))
const fraction = (description: string) => Type.Number({ minimum: -0.9, maximum: 0.9, description })
const closed = { additionalProperties: false } as const

const atMs = Type.Number({ minimum: 0, maximum: SESSION_MS, description: 'Milliseconds after the start' })
const forMs = Type.Number({ minimum: 1, maximum: SESSION_MS, description: 'Its length in milliseconds' })
const symbols = Type.Enum(['all', 'first'], { description: 'Which instruments: all, or the first one' })
const side = Type.Enum([...SIDES], { description: 'The side of its orders' })

const Step = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('conditions'),
      atMs,
      forMs,
      symbols,
      activity: multiple('how often participants act'),
      volatility: multiple('how far values move'),
      depth: multiple('the sizes in the book'),
      spread: multiple('the distance between the best prices'),
    },
    { ...closed, description: 'Other market conditions for a time' },
  ),
  Type.Object(
    { kind: Type.Literal('jump'), atMs, fraction: fraction('The change of the value: -0.04 is 4 % down'), symbols },
    { ...closed, description: 'A jump of the fundamental value' },
  ),
  Type.Object(
    {
      kind: Type.Literal('press'),
      atMs,
      forMs,
      side,
      fraction: fraction('The limit at the end, relative to the price at the start'),
      varies: Type.Optional(
        Type.Boolean({ description: 'Faster and faster; how far, how soon and how much differs by seed and symbol' }),
      ),
      symbols,
    },
    { ...closed, description: 'A large participant that moves the price, at an even pace unless it varies' },
  ),
  Type.Object(
    {
      kind: Type.Literal('sweep'),
      atMs,
      side,
      fraction: fraction('Its limit, relative to the best price'),
      dayShare: Type.Number({ minimum: 0.0001, maximum: 1, description: 'Its size, as a share of the daily volume' }),
      symbols,
    },
    { ...closed, description: 'A single large order' },
  ),
  Type.Object(
    {
      kind: Type.Literal('burst'),
      atMs,
      forMs,
      ordersPerS: Type.Number({ minimum: 1, maximum: 2000, description: 'Orders a second in a busy instrument' }),
      symbols,
    },
    { ...closed, description: 'Orders that are cancelled as soon as they are placed' },
  ),
  Type.Object(
    {
      kind: Type.Literal('phase'),
      atMs,
      phase: Type.Enum([...PHASES], { description: 'The trading phase that begins' }),
      reason: Type.Union([Type.Null(), text('The published reason')], { description: 'The published reason, or null' }),
      untilMs: Type.Union([Type.Null(), atMs], { description: 'When trading is expected to resume; null: unknown' }),
      symbols,
    },
    { ...closed, description: 'A halt, an auction or the end of one' },
  ),
  Type.Object(
    {
      kind: Type.Literal('news'),
      atMs,
      headline: text('{name} stands for the name of the first company'),
      severity: Type.Enum([...NEWS_SEVERITIES], { description: 'How urgent it is' }),
      symbols,
    },
    { ...closed, description: 'News' },
  ),
])

const moment = (description: string) => Type.Number({ minimum: 0, maximum: CHECKED_MS, description })

const Expected = Type.Object(
  {
    description: text('What must be seen'),
    measure: Type.Enum([...MEASURES], { description: 'What is measured, of the first instrument' }),
    fromMs: moment('Where the measured interval begins, after the start of the scenario'),
    toMs: moment('Where it ends'),
    against: Type.Optional(
      Type.Enum(['before', 'after', 'normal'], {
        description: 'The value is a ratio to all before, to all after, or to the same market without the scenario',
      }),
    ),
    least: Type.Optional(Type.Number({ description: 'The least value' })),
    most: Type.Optional(Type.Number({ description: 'The greatest value' })),
  },
  { ...closed, description: 'A measure of the recorded run, and the range it must lie in' },
)

export const ScenarioSchema = Type.Object(
  {
    title: Type.Optional(text('Its title; its name when absent')),
    description: Type.Optional(Type.String({ maxLength: TEXT_MOST, description: 'What happens' })),
    usualStartMs: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: CHECKED_MS,
        description: 'When it starts unless a time is given, after the start of the market; 0 when absent',
      }),
    ),
    steps: Type.Array(Step, { minItems: 1, maxItems: 100, description: 'What happens, in order of time' }),
    expect: Type.Optional(
      Type.Array(Expected, { maxItems: 100, description: 'What must be seen: papertape-sim scenarios NAME --check' }),
    ),
  },
  { ...closed, description: 'A scenario' },
)
