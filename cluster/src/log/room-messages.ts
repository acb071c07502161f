// What gateways and the leader, which has the rooms, send each other about them. Data only.

import type { RoomRequest } from '@papertape/gateway'
import type { ErrorCode } from '@papertape/protocol'

/** From a gateway. */
export type RoomMessageToLeader =
  | RoomRequestOfConnection
  | { readonly type: 'close'; readonly gateway: string; readonly connection: number }
  /** What the gateway's connections had joined: the leader knows nothing of it, or may have missed something. */
  | {
      readonly type: 'restore'
      readonly gateway: string
      /** There is more in later messages, or in earlier ones. */
      readonly isFirst: boolean
      readonly connections: readonly RestoredConnection[]
    }

export interface RoomRequestOfConnection {
  readonly type: 'request'
  readonly gateway: string
  readonly connection: number
  /** Counts the connection's requests; one that was served before is not served again. */
  readonly number: number
  readonly accountId: string
  readonly request: RoomRequest
}

export interface RestoredConnection {
  readonly connection: number
  readonly accountId: string
  /** The last request before those that the gateway sends again. */
  readonly number: number
  readonly rooms: readonly RestoredRoom[]
}

export interface RestoredRoom {
  readonly room: string
  readonly user: string
  /** The last that the connection was sent. */
  readonly lastMessageId: number
}

/** From the leader to one gateway, in order. */
export interface RoomMessageToGateway {
  readonly term: number
  /** The leader does not know this gateway's connections. */
  readonly restore?: true
  readonly deliveries: readonly RoomDelivery[]
}

export type RoomDelivery =
  /** A message for these connections. */
  | { readonly to: readonly number[]; readonly text: string }
  /** The request with this number was served, or refused. */
  | { readonly of: number; readonly served: number; readonly error?: RefusedRequest }
  /** Everything up to this number has its answer. */
  | { readonly of: number; readonly answered: number }

export interface RefusedRequest {
  readonly code: ErrorCode
  readonly text: string
  readonly retryMs?: number | undefined
}

/** Of REST, at a gateway. */
export type RoomQuery =
  | { readonly type: 'list' }
  | { readonly type: 'messages'; readonly room: string; readonly limit: number; readonly before?: number | undefined }
  | { readonly type: 'mute'; readonly room: string; readonly user: string; readonly durationMs: number }

export type RoomQueryAnswer = { readonly result: unknown } | { readonly error: RefusedRequest }
