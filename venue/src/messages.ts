// The messages between the gateway and the venue: commands and queries one way, batches and results the other. Plain
// data, so that the same messages can pass between threads and between machines.

import type { FoundToken, ProfiledAccount } from '@papertape/engine'
import type {
  AccountSnapshot,
  AlertState,
  Bands,
  BookAnswer,
  Command,
  CommandAnswer,
  FeedEventName,
  Indication,
  InstrumentSpec,
  Order,
  OrderList,
  OrderReference,
  Phase,
  SnapshotBook,
  TokenState,
} from '@papertape/protocol'
import type { PastSettings, RunningScenario } from '@papertape/simulators'
import type { VenueCounts } from './measures/venue-measures.ts'

/** A multiple of real time; 0 is paused, Infinity as fast as it goes. */
export type PaceSetting = number

/** A public event with the JSON that is stored and sent. */
export interface EncodedEvent {
  readonly seq: number
  readonly event: FeedEventName
  /** null: the whole market. */
  readonly symbol: string | null
  readonly data: string
}

/** An event of an account's private stream, encoded. */
export interface EncodedPrivateEvent {
  readonly accountId: string
  readonly seq: number
  readonly data: string
  /** The command that this event answers. */
  readonly commandId?: number
}

/** The result of one flush. Published after it is durable, never before. */
export interface Batch {
  readonly type: 'batch'
  readonly number: number
  /** The market's clock at the end of the flush. */
  readonly time: number
  readonly events: readonly EncodedEvent[]
  readonly privateEvents: readonly EncodedPrivateEvent[]
  readonly answers: readonly { readonly commandId: number; readonly answer: CommandAnswer }[]
  /** Commands of other gateways that this one acts on, too. */
  readonly changes?: readonly SharedChange[]
}

/** A profile delays an account's commands, and a revoked token ends its connections, at whichever gateway they are. */
export type SharedChange = Extract<Command, { type: 'account.profile' | 'token.revoke' }>

/** One instrument's book and phase as the exchange holds them. */
export interface InstrumentState {
  readonly symbol: string
  readonly phase: Phase
  /** Why the phase began, and when it ends; absent where it is not known. */
  readonly reason?: string
  readonly until?: number
  readonly book: SnapshotBook
  readonly auction?: Indication
  readonly bands?: Bands
}

/** A checkpoint that can be verified: a replay up to this command gives this state hash. */
export interface CheckpointMark {
  /** The last command that it includes. */
  readonly command: number
  /** The last public event that it includes. */
  readonly seq: number
  readonly hash: string
}

export interface MarketDescription {
  readonly epoch: string
  readonly oldest: number
  /** The position of the last event that this includes. */
  readonly id: string
  readonly time: number
  /** The newest; to hash the present state would delay every order. */
  readonly checkpoint: CheckpointMark
  readonly source: {
    readonly kind: 'simulated' | 'replay'
    readonly name: string
    readonly seed: number | null
    /** The tape has ended; the book stays open for users. */
    readonly ended: boolean
  }
  readonly pace: PaceSetting
  /** Scenarios of a simulated market that are planned or running. */
  readonly scenarios: readonly RunningScenario[]
  /** Those that can be started; none in a replay. */
  readonly scenarioNames: readonly string[]
}

export interface VenueState extends MarketDescription {
  readonly seq: number
  /** Of a simulated market that has bars from before it began. */
  readonly past?: PastSettings | undefined
  readonly specs: readonly InstrumentSpec[]
  readonly instruments: readonly InstrumentState[]
}

/** From the number of an order's first event in the private stream to that of its last, or of the stream's. */
export interface OrderSpan {
  readonly firstSeq: number
  readonly lastSeq: number
}

export interface PrivateRange {
  /** One after the last when the stream has none. */
  readonly oldest: number
  /** 0 before the first. */
  readonly lastSeq: number
}

/** The queries of the gateway, each with its parameters and result. A result includes nothing that is not published. */
export interface Queries {
  /** With all books, and as expensive. */
  state: { params: Record<never, never>; result: VenueState }
  market: { params: Record<never, never>; result: MarketDescription }
  /** For monitoring: what is pending is in it before it is flushed. */
  counts: { params: Record<never, never>; result: VenueCounts }
  /** Of the present state, for tests: to hash it delays every order. */
  stateHash: { params: Record<never, never>; result: { readonly seq: number; readonly hash: string } }
  /** Events from a number on, oldest first, at most `limit`, and at most as many as the venue reads at once. */
  events: { params: { from: number; limit: number }; result: { oldest: number; events: EncodedEvent[] } }
  /** One instrument's events of one kind, newest first, below a number; null: those of the whole market. */
  history: {
    params: { symbol: string | null; event: FeedEventName; before: number; limit: number }
    result: EncodedEvent[]
  }
  /** The same for a gateway that starts and restores its view: not queued behind other readers. */
  viewHistory: Queries['history']
  /** A book with the number of orders at each level. */
  depth: { params: { symbol: string; levels: number }; result: BookAnswer }
  account: { params: { accountId: string }; result: AccountSnapshot | undefined }
  /** Newest first; `after`: only those placed before this one. */
  orders: {
    params: { accountId: string; list: OrderList; after?: string | undefined; limit: number }
    result: readonly Order[]
  }
  /** The part of the private stream that has all executions of an order; undefined for an unknown order. */
  orderSpan: { params: { accountId: string; orderId: string }; result: OrderSpan | undefined }
  /** By a clientOrderId: the order that has it now, or had it before a replace. */
  order: { params: { accountId: string } & OrderReference; result: Order | undefined }
  findToken: { params: { tokenHash: string }; result: FoundToken | undefined }
  tokens: { params: { accountId: string }; result: readonly TokenState[] }
  testProfiles: { params: Record<never, never>; result: readonly ProfiledAccount[] }
  /** Newest first: the active ones, and the last of those that have ended. */
  alerts: { params: { accountId: string }; result: readonly AlertState[] }
  /** Which events the private stream still has; undefined for an unknown account. */
  privateRange: { params: { accountId: string }; result: PrivateRange | undefined }
  /** Those that changed its cash, newest first, below a number. */
  cashEvents: { params: { accountId: string; before: number; limit: number }; result: EncodedPrivateEvent[] }
  privateEvents: { params: { accountId: string; from: number; limit: number }; result: EncodedPrivateEvent[] }
}
export type QueryName = keyof Queries

/** A logon to a session of the command's account; a later one has a larger number. */
export interface Logon {
  readonly sessionId: string
  readonly number: number
}

export type ToVenue =
  | {
      readonly type: 'command'
      readonly commandId: number
      readonly command: Command
      /** Whose command it is, where sessions are shared by gateways. */
      readonly logon?: Logon
    }
  | { [Q in QueryName]: { type: 'query'; queryId: number; name: Q; params: Queries[Q]['params'] } }[QueryName]
  /** The gateway has processed this batch: the venue runs at most eight batches ahead. */
  | { readonly type: 'processed'; readonly number: number }
  /** Whether anybody waits for the market's events. At first somebody does. */
  | { readonly type: 'audience'; readonly isPresent: boolean }
  | { readonly type: 'close' }

export type FromVenue =
  | Batch
  /** Recovered, and the market has caught up with its clock: clients may connect. */
  | { readonly type: 'ready' }
  | { readonly type: 'catchingUp'; readonly behindMs: number }
  /** The journal is open and recovered; the market begins to catch up with its clock. */
  | { readonly type: 'opened' }
  /** A log line for the operator. */
  | { readonly type: 'notice'; readonly text: string }
  | { readonly type: 'result'; readonly queryId: number; readonly result: unknown }
  /** The journal is damaged where the result would be read. */
  | { readonly type: 'result'; readonly queryId: number; readonly damaged: string }
  /** Not applied: the journal is damaged where the command's ids would be looked up. */
  | { readonly type: 'refused'; readonly commandId: number; readonly damaged: string }
  | { readonly type: 'closed' }
