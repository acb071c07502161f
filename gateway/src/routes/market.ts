// The market that runs: its source, pace and position. The operator sets the pace, starts scenarios and halts.

import type { Feed } from '@papertape/feed'
import { NEWS_SEVERITIES } from '@papertape/protocol'
import { MarketAnswer } from '@papertape/protocol/schemas'
import { parsePace } from '@papertape/simulators'
import { formatPace } from '@papertape/venue'
import Type from 'typebox'
import { CodedError } from '../errors/coded-error.ts'
import { parseSymbols } from '../feed/feed-request.ts'
import { KNOWN_SCENARIOS, parseScenarioNames } from '../market/scenario-names.ts'
import type { VenuePort } from '../venue-client.ts'
import { defineRoute, ok, type Route } from './route.ts'
import { OPERATOR_ONLY, SAME_ORIGIN, TAGS } from './route-parts.ts'

const MarketChange = Type.Object(
  {
    pace: Type.Optional(Type.String({ description: 'Speed of the market: 1x, 10x, 0.5x or max; 0 pauses it' })),
    scenario: Type.Optional(
      Type.String({
        description: `Scenarios to start now: a comma list of ${KNOWN_SCENARIOS}, and of own ones`,
        minLength: 1,
      }),
    ),
    halt: Type.Optional(
      Type.Object(
        {
          symbol: Type.Optional(Type.String({ description: 'The instrument; the whole market when absent' })),
          halted: Type.Boolean({ description: 'true halts trading, false resumes it' }),
          reason: Type.Optional(Type.String({ maxLength: 200, description: 'Published as the reason of the halt' })),
        },
        { additionalProperties: false, description: 'A halt of trading, or its end' },
      ),
    ),
    news: Type.Optional(
      Type.Object(
        {
          headline: Type.String({ minLength: 1, maxLength: 200, description: 'The headline' }),
          symbols: Type.Optional(
            Type.Array(Type.String({ description: 'An instrument' }), {
              maxItems: 100,
              description: 'The instruments that it concerns; the whole market when absent',
            }),
          ),
          severity: Type.Optional(
            Type.Enum([...NEWS_SEVERITIES], { description: 'How urgent it is; info when absent' }),
          ),
        },
        { additionalProperties: false, description: 'News, published as an event of the feed' },
      ),
    ),
  },
  {
    additionalProperties: false,
    description: 'What to change; absent fields stay',
    examples: [{ pace: '10x' }, { halt: { symbol: 'VELTR', halted: true, reason: 'news pending' } }],
  },
)

const OperatorLogon = Type.Object(
  { token: Type.String({ maxLength: 256, description: "The operator's token" }) },
  { additionalProperties: false, description: 'The logon of the operator', examples: [{ token: 'op_…' }] },
)
const tags = [TAGS.market]
const Done = Type.Unsafe<undefined>({ type: 'null', description: 'Done' })

const marketSchema = {
  operationId: 'getMarket',
  summary: 'The market that runs: source, pace, scenarios, position',
  tags,
  response: { 200: MarketAnswer },
  ...SAME_ORIGIN,
}

const changeSchema = {
  operationId: 'changeMarket',
  summary: 'Sets the pace, starts scenarios, halts or resumes trading, publishes news',
  tags,
  body: MarketChange,
  response: { 200: MarketAnswer },
  security: OPERATOR_ONLY.security,
  problems: [...OPERATOR_ONLY.problems, 'unknown-symbol'] as const,
}

const logOnSchema = {
  operationId: 'logOnOperator',
  summary: "Exchanges the operator's token for a cookie",
  description: 'The cookie is HttpOnly and ends with the browser. A page of a listed origin gets none.',
  tags,
  body: OperatorLogon,
  response: { 204: Done },
  problems: OPERATOR_ONLY.problems,
}

const logOffSchema = {
  operationId: 'logOffOperator',
  summary: "Deletes the operator's cookie",
  tags,
  response: { 204: Done },
  ...SAME_ORIGIN,
}

export interface MarketRoutesDeps {
  readonly feed: Feed
  readonly venue: VenuePort
}

export function marketRoutes({ feed, venue }: MarketRoutesDeps): readonly Route[] {
  const describe = async () => {
    const { id, epoch, oldest, time, checkpoint, source, pace, scenarios } = await venue.query('market', {})
    const scenario = scenarios.map(({ name }) => name).join() || null
    const { symbols } = feed.view
    const market = { id, epoch, oldest, time, checkpoint, source }
    return ok({ ...market, pace: formatPace(pace), scenario, scenarios, symbols })
  }

  return [
    defineRoute('GET /market', marketSchema, describe),

    defineRoute(
      'PATCH /market',
      changeSchema,
      async ({ body: { pace, scenario, halt, news } }) => {
        if (pace !== undefined) await venue.submit({ type: 'pace.set', pace: formatPace(readPace(pace)) }).answer
        if (scenario !== undefined) {
          const { source, scenarioNames } = await venue.query('market', {})
          if (source.kind === 'replay') throw new CodedError('bad-parameter', 'a replay of real data takes no scenario')
          await venue.submit({ type: 'scenario.start', names: readScenarios(scenario, scenarioNames) }).answer
        }
        if (halt !== undefined) {
          const [symbol = null] = parseSymbols(halt.symbol, feed.view.symbols)
          const phase = halt.halted ? 'halted' : 'continuous'
          await venue.submit({ type: 'phase.set', symbol, phase, reason: halt.reason ?? null, until: null }).answer
        }
        if (news !== undefined) {
          const { headline, severity = 'info' } = news
          const symbols = parseSymbols(news.symbols, feed.view.symbols)
          await venue.submit({ type: 'news.publish', headline, symbols, severity }).answer
        }
        return describe()
      },
      { isOperatorOnly: true, checksOrigin: true },
    ),

    defineRoute(
      'POST /operator',
      logOnSchema,
      ({ body, sender }) => {
        sender.logOnOperator(body.token)
        return { status: 204 }
      },
      { checksOrigin: true },
    ),

    defineRoute('DELETE /operator', logOffSchema, ({ sender }) => {
      sender.logOffOperator()
      return { status: 204 }
    }),
  ]
}

function readScenarios(text: string, known: readonly string[]): readonly string[] {
  const names = parseScenarioNames(text)
  if (names.every(name => known.includes(name))) return names
  throw new CodedError('bad-parameter', `the scenarios are ${known.join(', ')}; there is no ${text}`)
}

function readPace(text: string): number {
  const pace = /^0x?$/.test(text) ? 0 : parsePace(text)
  if (pace !== undefined) return pace
  throw new CodedError('bad-parameter', `pace is 1x, 10x, 0.5x, max, or 0 to pause, not ${text}`)
}
