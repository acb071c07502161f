// The scenarios of simulated markets: what the operator may start, and what a simulation may play.

import { ScenariosAnswer } from '@papertape/protocol/schemas'
import { SCENARIO_NAMES, SCENARIOS } from '@papertape/simulators'
import { defineRoute, ok, type Route } from './route.ts'
import { SAME_ORIGIN, TAGS } from './route-parts.ts'

const scenariosSchema = {
  operationId: 'getScenarios',
  summary: 'The scenarios of simulated markets',
  tags: [TAGS.simulations],
  response: { 200: ScenariosAnswer },
  ...SAME_ORIGIN,
}

export function scenariosRoute(): Route {
  return defineRoute('GET /scenarios', scenariosSchema, () =>
    ok(
      SCENARIO_NAMES.map(name => {
        const { title, description, usualStartMs } = SCENARIOS[name]
        return { name, title, description, usualStartMs }
      }),
    ),
  )
}
