// What gateways and the leader send each other beside the log, by core NATS: passed on at most once, and asked for
// again where it matters. JSON, compressed.

import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { Command } from '@papertape/protocol'
import type { Logon, Queries, QueryName } from '@papertape/venue'
import type { RoomMessageToGateway, RoomMessageToLeader, RoomQuery, RoomQueryAnswer } from './room-messages.ts'
import type { LogonAnswer, SessionRequest, SessionTakenOver } from './session-messages.ts'

/** A gateway's command for the leader. */
export interface SentCommand {
  readonly gateway: string
  /** Counts the gateway's commands without a gap; the leader applies them in this order. */
  readonly number: number
  /** The gateway has the answers to all before this one. */
  readonly firstUnanswered: number
  readonly command: Command
  readonly logon?: Logon | undefined
}

/** To a gateway. */
export type GatewayNotice =
  /** Commands from this number on did not arrive: send them again. */
  | { readonly type: 'resend'; readonly from: number; readonly term: number }
  | { readonly type: 'refused'; readonly number: number; readonly damaged: string }
  /** Not carried out: another connection has taken its session over. */
  | { readonly type: 'dropped'; readonly number: number }

export interface SentQuery {
  readonly name: QueryName
  readonly params: Queries[QueryName]['params']
}

export interface QueryResult {
  /** Of the leader. */
  readonly term: number
  /** The last message of the log that it includes; it may not be committed yet. */
  readonly after: number
  readonly result?: unknown
  readonly damaged?: string
}

/** What has passed at a gateway since its last such message, by the name of the limit: keys with their counts. */
export interface PassedAtGateway {
  readonly gateway: string
  readonly passed: Readonly<Record<string, readonly (readonly [key: string, count: number])[]>>
}

type CoreMessage =
  | SentCommand
  | GatewayNotice
  | SentQuery
  | QueryResult
  | PassedAtGateway
  | RoomMessageToLeader
  | RoomMessageToGateway
  | RoomQuery
  | RoomQueryAnswer
  | SessionRequest
  | LogonAnswer
  | SessionTakenOver

export function encodeMessage(message: CoreMessage): Uint8Array {
  return zstdCompressSync(JSON.stringify(message))
}

export function decodeMessage<Message>(data: Uint8Array): Message {
  return JSON.parse(zstdDecompressSync(data).toString()) as Message
}
