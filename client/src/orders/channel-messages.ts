// The messages of the order channel, as types: protocol's, under the names that the channel's callers use.

import type {
  AccountSnapshot,
  AlertUpdate,
  BalanceUpdate,
  CancelReject,
  Deposit,
  Execution,
  Inbound,
  InboundType,
  MarginCall,
  Outbound,
  PositionUpdate,
  QueueUpdate,
  RequestId,
} from '@papertape/protocol'
import type { UnknownOutcome } from './request-table.ts'

type CommandFields<T extends InboundType> = Omit<Inbound<T>, 'type' | 'requestId'>
export type PlaceFields = CommandFields<'order.place'>
export type ReplaceFields = CommandFields<'order.replace'>
export type CancelAllFields = CommandFields<'order.cancelAll'>
export type SubscribeFields = CommandFields<'subscribe'>

type Answering<Message> = Message & { readonly requestId?: RequestId }
export type OutboundMessage =
  | Outbound
  | Answering<Execution>
  | Answering<CancelReject>
  | PositionUpdate
  | BalanceUpdate
  | QueueUpdate
  | AlertUpdate
  | Deposit
  | MarginCall

export type LogonOk = Extract<Outbound, { type: 'logon.ok' }>
export type Welcome = Extract<Outbound, { type: 'welcome' }>
export type FeedMessage = Extract<Outbound, { type: 'event' }>
export type Ack = Extract<Outbound, { type: 'ack' }>
export type ErrorAnswer = Extract<Outbound, { type: 'error' }>
export type AccountSnapshotMessage = { readonly type: 'account.snapshot' } & AccountSnapshot

/**
 * The first execution of the order: `new`, `rejected`, or what it did at once. Unknown only if the channel was closed.
 */
export type PlaceAnswer = Execution | ErrorAnswer | UnknownOutcome
/** The execution that replaced or cancelled it, or the refusal. Unknown only if the channel was closed. */
export type ChangeAnswer = Execution | CancelReject | ErrorAnswer | UnknownOutcome
export type CountAnswer = Ack | ErrorAnswer | UnknownOutcome
export type SubscribeAnswer = Ack | ErrorAnswer
