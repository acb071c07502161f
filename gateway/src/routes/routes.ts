// All routes that are answered with JSON. The feed and the order channel have their own transports.

import type { Feed } from '@papertape/feed'
import type { Accounts } from '../accounts/accounts.ts'
import type { LabConnections } from '../lab/lab-connections.ts'
import { KeyedRateLimit } from '../limits/keyed-rate-limit.ts'
import type { Rooms } from '../rooms/rooms.ts'
import type { VenuePort } from '../venue-client.ts'
import { accountRoutes } from './accounts.ts'
import { instrumentRoutes } from './instruments.ts'
import { labConnectionRoutes } from './lab-connections.ts'
import { marketRoutes } from './market.ts'
import { newsRoute } from './news.ts'
import { roomRoutes } from './rooms.ts'
import type { Route, Sender } from './route.ts'
import { scenariosRoute } from './scenarios.ts'
import { sessionRoutes } from './session.ts'
import { transportRoute } from './transport.ts'

const NEW_ACCOUNTS = { perSecond: 2, what: 'new accounts' }

export interface ApiRoutesDeps {
  readonly feed: Feed
  readonly venue: VenuePort
  readonly accounts: Accounts
  readonly rooms: Rooms
  /** Undefined when the laboratory is off. */
  readonly connections: LabConnections | undefined
  readonly nowMs: () => number
  /** How many accounts an address may open at once; 0 does not limit. */
  readonly accountBurst: number
}

/** Below `/v1`. */
export function apiRoutes(deps: ApiRoutesDeps): readonly Route[] {
  const { feed, venue, accounts, rooms, connections, nowMs, accountBurst } = deps
  const newAccounts = new KeyedRateLimit({ ...NEW_ACCOUNTS, burst: accountBurst }, nowMs)
  const limitNewAccounts = ({ addressKey }: Sender) => {
    if (accountBurst > 0) newAccounts.take(addressKey)
  }
  return [
    ...instrumentRoutes({ feed, venue }),
    newsRoute({ feed, venue }),
    transportRoute(),
    ...marketRoutes({ feed, venue }),
    scenariosRoute(),
    ...sessionRoutes({ venue, accounts, limitNewAccounts }),
    ...accountRoutes({ venue, accounts, nowMs, limitNewAccounts, symbols: () => feed.view.symbols }),
    ...roomRoutes({ rooms, accounts }),
    ...labConnectionRoutes({ connections, nowMs }),
  ]
}
