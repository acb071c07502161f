// Connects a gateway (--role gateway) with the venues of its market and the other gateways, over NATS.

import { randomBytes } from 'node:crypto'
import {
  ClusterConnection,
  connectRemoteVenue,
  type NatsSettings,
  RemoteLimits,
  RemoteRooms,
  RemoteSessions,
} from '@papertape/cluster'
import type { ConnectVenue, RoomService, SharedLimits, SharedSessions } from '@papertape/gateway'
import { systemClock } from '../process/system-clock.ts'

const NOTICE_AFTER_MS = 2_000

export interface MarketOverNats {
  readonly connect: ConnectVenue
  readonly sharedSessions: SharedSessions
  readonly sharedLimits: SharedLimits
  readonly rooms: RoomService
}

/**
 * Waits for a server of NATS.
 * @param onNotice called with a line for the operator when that takes long.
 * @param onRefused called when NATS takes this gateway no longer.
 * @throws {NatsRefused} when it does not take it.
 */
export async function connectGateway(
  settings: NatsSettings,
  market: string,
  onNotice: (text: string) => void,
  onRefused: (error: Error) => void,
): Promise<MarketOverNats> {
  const timer = setTimeout(() => onNotice(`waits for NATS at ${settings.servers.join(', ')}`), NOTICE_AFTER_MS)
  const connection = await ClusterConnection.open(settings, market, 'gateway')
  clearTimeout(timer)
  connection.whenRefused(onRefused)
  const gateway = randomBytes(8).toString('hex')
  const sharedSessions = new RemoteSessions(connection, gateway)
  return {
    connect: connectRemoteVenue(connection, gateway, () => sharedSessions.report()),
    sharedSessions,
    sharedLimits: new RemoteLimits(connection, gateway),
    rooms: new RemoteRooms(connection, gateway, systemClock),
  }
}
