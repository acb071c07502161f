// All routes that are answered with JSON. The feed and the order channel have their own transports.

import type { Feed } from '@papertape/feed'
import type { Accounts } from '../accounts/accounts.ts'
import type { LabConnections } from '../lab/lab-connections.ts'
import type { VenuePort } from '../venue-client.ts'
import { accountRoutes } from './accounts.ts'
import { instrumentRoutes } from './instruments.ts'
import { labConnectionRoutes } from './lab-connections.ts'
import { marketRoutes } from './market.ts'
import { newsRoute } from './news.ts'
import type { Route } from './route.ts'
import { scenariosRoute } from './scenarios.ts'
import { sessionRoute } from './session.ts'
import { transportRoute } from './transport.ts'

export interface ApiRoutesDeps {
  readonly feed: Feed
  readonly venue: VenuePort
  readonly accounts: Accounts
  /** Undefined when the laboratory is off. */
  readonly connections: LabConnections | undefined
  readonly nowMs: () => number
  /** How many accounts an address may open at once; 0 does not limit. */
  readonly accountBurst: number
}

/** Below `/v1`. */
export function apiRoutes(deps: ApiRoutesDeps): readonly Route[] {
  const { feed, venue, accounts, connections, nowMs, accountBurst } = deps
  return [
    ...instrumentRoutes({ feed, venue }),
    newsRoute({ feed, venue }),
    transportRoute(),
    ...marketRoutes({ feed, venue }),
    scenariosRoute(),
    sessionRoute(accounts),
    ...accountRoutes({ venue, accounts, nowMs, accountBurst, symbols: () => feed.view.symbols }),
    ...labConnectionRoutes({ connections, nowMs }),
  ]
}
