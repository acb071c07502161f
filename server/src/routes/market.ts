// What runs: where the market comes from, how fast, and how far it has got. The operator sets the pace and halts.

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Feed } from '@papertape/feed'
import { parsePace, type ScenarioName } from '@papertape/simulators'
import { formatPace } from '@papertape/venue'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { Operator } from '../auth/operator.ts'
import { CodedError } from '../errors/coded-error.ts'
import { KNOWN_SCENARIOS, parseScenarioNames } from '../settings/scenario-names.ts'
import { parseSymbols } from '../transports/feed-request.ts'
import type { VenueClient } from '../venue/venue-client.ts'

export interface MarketRoutesOptions {
  readonly feed: Feed
  readonly venue: VenueClient
  readonly operator: Operator
}

const MarketChange = Type.Object(
  {
    pace: Type.Optional(Type.String({ description: '1x, 10x, 0.5x, max; 0 pauses' })),
    scenario: Type.Optional(
      Type.String({ description: `Starts now; a comma list of ${KNOWN_SCENARIOS}`, minLength: 1 }),
    ),
    halt: Type.Optional(
      Type.Object(
        {
          symbol: Type.Optional(Type.String({ description: 'The whole market when absent' })),
          halted: Type.Boolean(),
          reason: Type.Optional(Type.String({ maxLength: 200 })),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
)

const OperatorLogon = Type.Object({ token: Type.String({ maxLength: 256 }) }, { additionalProperties: false })
/** Whoever is not the operator hears so, also a foreign page. */
const JUDGES_ORIGIN = { config: { judgesOrigin: true } } as const

export const marketRoutes: FastifyPluginAsyncTypebox<MarketRoutesOptions> = async (app, options) => {
  const { feed, venue, operator } = options

  const describe = async () => {
    const { id, epoch, oldest, time, checkpoint, source, pace, scenarios } = await venue.query('market', {})
    const scenario = scenarios.map(({ name }) => name).join() || null
    return { id, epoch, oldest, time, checkpoint, source, pace: formatPace(pace), scenario, symbols: feed.view.symbols }
  }

  app.get('/market', describe)

  // A page has the token from the link that the server printed, and trades it for a cookie that it cannot read.
  app.post('/operator', { ...JUDGES_ORIGIN, schema: { body: OperatorLogon } }, async (request, reply) => {
    operator.logOn(request, reply, request.body.token)
    return reply.code(204).send()
  })
  app.delete('/operator', async (request, reply) => {
    operator.logOff(request, reply)
    return reply.code(204).send()
  })

  const onRequest = async (request: FastifyRequest) => operator.require(request)
  app.patch('/market', { ...JUDGES_ORIGIN, onRequest, schema: { body: MarketChange } }, async request => {
    const { pace, scenario, halt } = request.body
    if (pace !== undefined) {
      const command = { type: 'pace.set', pace: formatPace(readPace(pace)) } as const
      await venue.submit(command).answer
    }
    if (scenario !== undefined) {
      const names = readScenarios(scenario)
      const { source } = await venue.query('market', {})
      if (source.kind === 'replay') throw new CodedError('bad-parameter', 'a replay of real data takes no scenario')
      await venue.submit({ type: 'scenario.start', names }).answer
    }
    if (halt !== undefined) {
      const [symbol = null] = parseSymbols(halt.symbol, feed.view.symbols)
      const phase = halt.halted ? 'halted' : 'continuous'
      await venue.submit({ type: 'phase.set', symbol, phase, reason: halt.reason ?? null, until: null }).answer
    }
    return describe()
  })
}

function readScenarios(text: string): readonly ScenarioName[] {
  const names = parseScenarioNames(text)
  if (names === undefined)
    throw new CodedError('bad-parameter', `the scenarios are ${KNOWN_SCENARIOS}; there is no ${text}`)
  return names
}

function readPace(text: string): number {
  const pace = /^0x?$/.test(text) ? 0 : parsePace(text)
  if (pace === undefined)
    throw new CodedError('bad-parameter', `pace is 1x, 10x, 0.5x, max, or 0 to pause, not ${text}`)
  return pace
}
