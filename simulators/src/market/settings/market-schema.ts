// The schema of what a configuration may change of the simulated market: instruments, parameters, agents, scenarios.
// Numbers of the model are listed by their defaults, with the limits of their unit, which is last in their name: a
// parameter that is added to preset-parameters.ts can be configured at once, and the constants of an agent can follow
// as `...numbersOf(CONSTANTS)` in its entry.

import Type, { type Static } from 'typebox'
import { AGENT_NAMES, type AgentName } from '../agent-settings.ts'
import { PRESETS, type Preset } from '../preset.ts'
import { ACTION_INTERVALS, IMPACT, REGIMES, type Regime } from '../preset-parameters.ts'
import { SCENARIO_NAME_PATTERN, ScenarioSchema } from './scenario-schema.ts'

/** A price has at least so many ticks, and at most so many: beyond, the ladder of a book would be too long. */
export const PRICE_TICKS = { minimum: 100, maximum: 200_000 } as const
/** Without the dot of a wire's symbol, which separates the parts of a path. */
export const CONFIGURED_SYMBOL = '^[A-Z][A-Z0-9]{0,11}$'

type UnitLimits = { readonly minimum: number; readonly maximum: number }
type Numbers<Names extends PropertyKey> = { [Name in Names]: Type.TOptional<Type.TNumber> }

const closed = { additionalProperties: false } as const

/** By the end of the name, the first that fits. */
const UNIT_LIMITS: readonly (readonly [unit: RegExp, limits: UnitLimits])[] = [
  [/^previousCloseTicks$/, PRICE_TICKS],
  [/^halfSpreadTicks$/, { minimum: 0, maximum: 1_000 }],
  [/Ms$/, { minimum: 1, maximum: 86_400_000 }],
  [/Lots$/, { minimum: 1, maximum: 1_000_000_000 }],
  [/Slots$/, { minimum: 1, maximum: 1_000 }],
  [/Ticks$/, { minimum: -1_000, maximum: 10_000 }],
  [/Volatility$/, { minimum: 0.0001, maximum: 0.2 }],
  [/(Share|Chance|Batch|estlessness)$/, { minimum: 0, maximum: 0.99 }],
]
/** They count orders or prices. */
const WHOLE = /(Slots|previousCloseTicks|partLots)$/
const ANY: UnitLimits = { minimum: 0, maximum: 1_000_000 }

function numbersOf<Names extends string>(defaults: Readonly<Record<Names, number>>): Numbers<Names> {
  const entries = Object.keys(defaults).map(name => {
    const limits = UNIT_LIMITS.find(([unit]) => unit.test(name))?.[1] ?? ANY
    return [name, Type.Optional(WHOLE.test(name) ? Type.Integer(limits) : Type.Number(limits))]
  })
  return Object.fromEntries(entries) as Numbers<Names>
}

const InstrumentSchema = Type.Object(
  {
    name: Type.Optional(
      Type.String({ minLength: 1, maxLength: 60, description: 'Of the company; its symbol when absent' }),
    ),
    previousClose: Type.Optional(
      Type.Number({
        minimum: 0.01,
        maximum: 1_000_000,
        description: `The price at which it begins, on its tick grid: ${PRICE_TICKS.minimum} to ${PRICE_TICKS.maximum} ticks`,
      }),
    ),
    tickSize: Type.Optional(
      Type.Number({ minimum: 0.0001, maximum: 100, description: 'In currency; 0.01 when absent' }),
    ),
    lotSize: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 10_000, description: 'Shares of the smallest order; 1 when absent' }),
    ),
    activity: Type.Optional(
      Type.Number({
        minimum: 0.01,
        maximum: 20,
        description: "How often its agents act, as a multiple of a busy one's",
      }),
    ),
    halfSpreadTicks: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1_000,
        description: 'The usual distance of a best price from the fair price',
      }),
    ),
    dailyVolatility: Type.Optional(
      Type.Number({ minimum: 0.0001, maximum: 0.2, description: "Standard deviation of a day's return" }),
    ),
    beta: Type.Optional(Type.Number({ minimum: -5, maximum: 5, description: "Sensitivity to the market's return" })),
  },
  { ...closed, description: 'An instrument; what is absent is as usual' },
)

const regimes = Object.fromEntries(
  PRESETS.map(preset => {
    const description = `The parameters of ${preset} instruments; mixed interpolates between the two`
    return [preset, Type.Optional(Type.Object(numbersOf(REGIMES[preset]), { ...closed, description }))]
  }),
) as Record<Preset, Type.TOptional<Type.TObject<Numbers<keyof Regime>>>>

const AgentSchema = Type.Object(
  {
    enabled: Type.Optional(Type.Boolean({ description: 'false: it never acts' })),
    rate: Type.Optional(
      Type.Number({
        minimum: 0.01,
        maximum: 20,
        description: 'How often it acts, as a multiple of the usual; the backstop knows no rate',
      }),
    ),
  },
  { ...closed, description: 'An agent of each instrument' },
)
const agents = Object.fromEntries(AGENT_NAMES.map(name => [name, Type.Optional(AgentSchema)])) as Record<
  AgentName,
  Type.TOptional<typeof AgentSchema>
>

/** A record that refuses other names than the pattern's. */
const namedBy = <Value extends Type.TSchema>(pattern: string, value: Value, description: string) =>
  Type.Record(Type.String({ pattern }), value, { ...closed, description })

/** The parts of the document, each optional. */
export const MARKET_PARTS = {
  instruments: Type.Optional(
    namedBy(CONFIGURED_SYMBOL, InstrumentSchema, 'Changes to listed instruments, and own ones, by their symbols'),
  ),
  regimes: Type.Optional(Type.Object(regimes, { ...closed, description: 'The two tick-size regimes' })),
  intervals: Type.Optional(
    Type.Object(numbersOf(ACTION_INTERVALS), {
      ...closed,
      description: 'Mean times between actions of a busy instrument',
    }),
  ),
  impact: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: 10 * IMPACT,
      description: 'How far a lot moves the price: daily standard deviations, divided by the daily volume in lots',
    }),
  ),
  agents: Type.Optional(Type.Object(agents, { ...closed, description: 'The agents' })),
  scenarios: Type.Optional(
    namedBy(
      SCENARIO_NAME_PATTERN,
      ScenarioSchema,
      'Own scenarios, and other versions of the listed ones, by their names',
    ),
  ),
} as const

const MarketSchema = Type.Object(MARKET_PARTS, closed)

/** What differs from the usual market. Plain data: it is part of a tape's header, and of a venue's plan. */
export type MarketSettings = Readonly<Static<typeof MarketSchema>>
