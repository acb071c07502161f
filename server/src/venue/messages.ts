// What passes between the gateway and the venue's thread: commands and queries one way, batches and answers the other.
// Plain data only, so that the same messages can travel between machines.

import type {
  AccountSnapshot,
  Bands,
  BookAnswer,
  Command,
  CommandAnswer,
  FeedEventName,
  Indication,
  InstrumentSpec,
  Order,
  Phase,
  SnapshotBook,
} from '@papertape/protocol'
import type { PlannedScenario, ScenarioName } from '@papertape/simulators'
import type { PaceSetting } from './pace.ts'

/** A public event as it goes out: encoded to JSON once, here, and never again. */
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
  /** The command that this event is the terminal answer to. */
  readonly commandId?: number
}

/** What became durable in one flush. Published after it is durable, never before. */
export interface Batch {
  readonly type: 'batch'
  readonly number: number
  /** The market's clock at the end of the flush. */
  readonly time: number
  readonly events: readonly EncodedEvent[]
  readonly privateEvents: readonly EncodedPrivateEvent[]
  readonly answers: readonly { readonly commandId: number; readonly answer: CommandAnswer }[]
}

/** One instrument's book and phase as the exchange holds them. */
export interface InstrumentState {
  readonly symbol: string
  readonly phase: Phase
  readonly book: SnapshotBook
  readonly auction?: Indication
  readonly bands?: Bands
}

/** A state that the journal can prove: what is replayed up to this command has this hash. */
export interface CheckpointMark {
  /** The last command that it includes. */
  readonly command: number
  /** The last public event that it includes. */
  readonly seq: number
  readonly hash: string
}

/** What runs. */
export interface MarketDescription {
  readonly epoch: string
  readonly oldest: number
  /** The position that all of this is true at. */
  readonly id: string
  readonly time: number
  /** The newest; to hash the present state would hold up every order. */
  readonly checkpoint: CheckpointMark
  readonly source: {
    readonly kind: 'simulated' | 'replay'
    readonly name: string
    readonly seed: number | null
    /** A tape that has run out: the book stays open for users. */
    readonly ended: boolean
  }
  readonly pace: PaceSetting
  /** What befalls a simulated market: planned, or going on. */
  readonly scenarios: readonly PlannedScenario[]
}

export interface VenueState extends MarketDescription {
  readonly seq: number
  readonly specs: readonly InstrumentSpec[]
  readonly instruments: readonly InstrumentState[]
}

/** What the gateway may ask; each with its answer's type. Answers are true at what has been published. */
export interface Queries {
  /** With all books: costs as much as these. */
  state: { ask: Record<never, never>; answer: VenueState }
  market: { ask: Record<never, never>; answer: MarketDescription }
  /** Events from a number on, oldest first, at most `limit`, and fewer where one look would take too long. */
  events: { ask: { from: number; limit: number }; answer: { oldest: number; events: EncodedEvent[] } }
  /** One instrument's events of one kind, newest first, below a number. */
  history: {
    ask: { symbol: string; event: FeedEventName; before: number; limit: number }
    answer: EncodedEvent[]
  }
  /** The same for a gateway that makes its view: it does not wait for other readers. */
  past: Queries['history']
  /** A book with the number of orders at each level. */
  depth: { ask: { symbol: string; levels: number }; answer: BookAnswer }
  account: { ask: { accountId: string }; answer: AccountSnapshot | undefined }
  /** Open ones and those remembered, newest first; `after`: only those placed before this one. */
  orders: { ask: { accountId: string; after?: string | undefined; limit: number }; answer: readonly Order[] }
  order: { ask: { accountId: string; orderId: string }; answer: Order | undefined }
  findAccount: { ask: { tokenHash: string }; answer: { accountId: string; lastSeq: number } | undefined }
  privateEvents: { ask: { accountId: string; from: number; limit: number }; answer: EncodedPrivateEvent[] }
  setPace: { ask: { pace: PaceSetting }; answer: { pace: PaceSetting } }
  /** They start now. False: a replay of real data is not to be changed. */
  startScenarios: { ask: { names: readonly ScenarioName[] }; answer: boolean }
}
export type QueryName = keyof Queries

export type ToVenue =
  | { readonly type: 'command'; readonly commandId: number; readonly command: Command }
  | { [Q in QueryName]: { type: 'query'; queryId: number; name: Q; ask: Queries[Q]['ask'] } }[QueryName]
  /** The gateway has taken in this batch: the venue never runs further ahead than a few. */
  | { readonly type: 'taken'; readonly number: number }
  | { readonly type: 'close' }

export type FromVenue =
  | Batch
  /** Recovered, and the market has caught up with its clock: the doors may open. */
  | { readonly type: 'ready' }
  | { readonly type: 'catchingUp'; readonly behindMs: number }
  /** The journal is ours, and recovered; the market begins to catch up. */
  | { readonly type: 'opened' }
  /** One line for the operator. */
  | { readonly type: 'notice'; readonly text: string }
  | { readonly type: 'answer'; readonly queryId: number; readonly answer: unknown }
  /** What was asked for cannot be read from the journal any more. */
  | { readonly type: 'answer'; readonly queryId: number; readonly damaged: string }
  /** Nothing was done: what the command needs of the journal cannot be read any more. */
  | { readonly type: 'refused'; readonly commandId: number; readonly damaged: string }
  | { readonly type: 'closed' }
