// All mutants, those of the fastest tests first. When the source changes, mutants.test.ts reports those to adapt.

import type { Mutant } from '../mutant.ts'
import { ADAPTERS } from './adapters.ts'
import { CLIENT } from './client.ts'
import { ENGINE } from './engine.ts'
import { FEED } from './feed.ts'
import { GATEWAY } from './gateway.ts'
import { PROTOCOL } from './protocol.ts'
import { SERVER } from './server.ts'
import { SIMULATORS } from './simulators.ts'
import { VENUE } from './venue.ts'
import { WEB } from './web.ts'
import { WEB_CHART } from './web-chart.ts'
import { WEB_LADDER } from './web-ladder.ts'
import { WEB_ORDERS } from './web-orders.ts'

export const MUTANTS: readonly Mutant[] = [
  ...PROTOCOL,
  ...FEED,
  ...GATEWAY,
  ...ADAPTERS,
  ...VENUE,
  ...CLIENT,
  ...WEB,
  ...WEB_ORDERS,
  ...WEB_LADDER,
  ...WEB_CHART,
  ...SERVER,
  ...SIMULATORS,
  ...ENGINE,
]
