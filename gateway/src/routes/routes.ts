// All routes that are answered with JSON. The feed and the order channel have their own transports.

import type { Feed } from '@papertape/feed'
import type { Clock } from '@papertape/protocol'
import type { Accounts } from '../accounts/accounts.ts'
import type { LabConnections } from '../lab/lab-connections.ts'
import { KeyedRateLimit } from '../limits/keyed-rate-limit.ts'
import type { SharedLimits } from '../limits/shared-limits.ts'
import type { RoomService } from '../rooms/room-service.ts'
import type { VenuePort } from '../venue-client.ts'
import { accountRoutes } from './accounts.ts'
import { labConnectionRoutes } from './lab-connections.ts'
import { marketRoutes } from './market.ts'
import { instrumentRoutes } from './market-data/instruments.ts'
import { logRoute } from './market-data/log.ts'
import { newsRoute } from './market-data/news.ts'
import { roomRoutes } from './rooms.ts'
import type { Route, Sender } from './route.ts'
import { scenariosRoute } from './scenarios.ts'
import { sessionRoutes } from './session.ts'
import { transportRoute } from './transport.ts'

const NEW_ACCOUNTS = { perSecond: 2, what: 'new accounts' }
const HOUR_S = 3_600

export interface ApiRoutesDeps {
  readonly feed: Feed
  readonly venue: VenuePort
  readonly accounts: Accounts
  readonly rooms: RoomService
  /** Undefined when the laboratory is off. */
  readonly connections: LabConnections | undefined
  /** The rate of each account's commands, of the order channel too. */
  readonly commands: KeyedRateLimit
  /** The rate of each account's reads. */
  readonly reads: KeyedRateLimit
  readonly clock: Clock
  readonly newAccounts: NewAccountLimits
  /** Absent where there is no other gateway. */
  readonly sharedLimits?: SharedLimits | undefined
}

/** Of an address; 0 does not limit. */
export interface NewAccountLimits {
  readonly burst: number
  readonly perHour: number
}

/** Below `/v1`. */
export function apiRoutes(deps: ApiRoutesDeps): readonly Route[] {
  const { feed, venue, accounts, rooms, connections, commands, reads, clock, newAccounts, sharedLimits } = deps
  const nowMs = () => clock.nowMs()
  const limitNewAccounts = newAccountLimit(newAccounts, nowMs, sharedLimits)
  return [
    ...instrumentRoutes({ feed, venue }),
    newsRoute({ feed, venue }),
    logRoute(feed),
    transportRoute(),
    ...marketRoutes({ feed, venue }),
    scenariosRoute(),
    ...sessionRoutes({ venue, accounts, limitNewAccounts }),
    ...accountRoutes({
      venue,
      accounts,
      commands,
      reads,
      clock,
      limitNewAccounts,
      privateEpoch: () => feed.log.epoch,
      symbols: () => feed.view.symbols,
    }),
    ...roomRoutes({ rooms, accounts, reads }),
    ...labConnectionRoutes({ connections, nowMs }),
  ]
}

/** So many at once and then two a second, and so many an hour. */
function newAccountLimit(
  { burst, perHour }: NewAccountLimits,
  nowMs: () => number,
  shared: SharedLimits | undefined,
): (sender: Sender) => void {
  const hourly = { ...NEW_ACCOUNTS, perSecond: perHour / HOUR_S, burst: perHour }
  const rules = [{ ...NEW_ACCOUNTS, burst }, hourly].filter(rule => rule.burst > 0)
  const limits = rules.map(rule => new KeyedRateLimit(rule, nowMs))
  for (const limit of limits) shared?.share(`new accounts of ${limit.rule.burst}`, limit)
  return ({ addressKey }) => {
    for (const limit of limits) limit.take(addressKey)
  }
}
