// Everything that can change the market, in the imperative. The sequencer stamps a command, the engine applies it, the
// journal keeps it: replaying the commands gives the same market again. There is no other way into the book.

import type { Side } from './constants/feed.ts'
import type { Phase } from './constants/instruments.ts'
import type { OrderStatus, OrderType, SelfTradePrevention, TimeInForce } from './constants/orders.ts'
import type { News } from './schemas/feed.ts'
import type { CancelReject, Execution } from './schemas/orders.ts'

export interface OpenAccount {
  readonly type: 'account.open'
  readonly accountId: string
  /** SHA-256 of the token, hex: the token itself is never stored. */
  readonly tokenHash: string
  /** In currency. */
  readonly cash: number
}

/**
 * What the order archive holds under the ids of a command. Whoever sequences the command looks them up and logs them with it,
 * so that the exchange, which holds open orders only, decides alike when the command is replayed. Nobody else may set it.
 */
export interface KnownOrders {
  /** What its clientOrderId was first answered with; absent while the id is free. */
  readonly answer?: Execution
  /** The order that its origClientOrderId or orderId names; with a status when that one has ended. */
  readonly order?: { readonly orderId: string; readonly ended?: OrderStatus }
}

export interface PlaceOrder {
  readonly type: 'order.place'
  readonly accountId: string
  readonly clientOrderId: string
  readonly symbol: string
  readonly side: Side
  readonly orderType: OrderType
  readonly size: number
  readonly price?: number
  readonly timeInForce: TimeInForce
  readonly postOnly: boolean
  /** Of a stop or a stopLimit order. */
  readonly stopPrice?: number
  /** Of an iceberg: what the book shows of it at most. */
  readonly displaySize?: number
  /** `none` when absent. */
  readonly selfTradePrevention?: SelfTradePrevention
  /** The session that places it, where its loss shall cancel the order. */
  readonly sessionId?: string
  readonly known?: KnownOrders
}

/** Names an open order by the owner's id for it, or by the exchange's. */
export type OrderReference = { readonly origClientOrderId: string } | { readonly orderId: string }

export type ReplaceOrder = OrderReference & {
  readonly type: 'order.replace'
  readonly accountId: string
  readonly clientOrderId: string
  /** The new whole size, what is filled included, as in FIX. */
  readonly size?: number
  readonly price?: number
  /** Of a stop that still waits. */
  readonly stopPrice?: number
  /** As of PlaceOrder. */
  readonly sessionId?: string
  readonly known?: KnownOrders
}

export type CancelOrder = OrderReference & {
  readonly type: 'order.cancel'
  readonly accountId: string
  readonly known?: KnownOrders
}

export interface CancelAllOrders {
  readonly type: 'order.cancelAll'
  readonly accountId: string
  readonly symbol?: string
  readonly side?: Side
}

/**
 * What the loss of a session shall cancel from now on: nothing, the orders that carry its id, or all of the account's. Logged,
 * because a killed server loses all its sessions.
 */
export interface GuardSession {
  readonly type: 'session.guard'
  readonly accountId: string
  readonly sessionId: string
  readonly cancels: 'none' | 'connection' | 'account'
}

/** Cancels what its guard says, and takes that off. */
export interface LoseSession {
  readonly type: 'session.lose'
  readonly accountId: string
  readonly sessionId: string
}

/** All of them: the first command of a server that was started again. */
export interface LoseAllSessions {
  readonly type: 'session.loseAll'
}

/**
 * An order of one of the house's own desks: simulated participants and replayed tapes. No cash checks, integers only.
 * A desk names its orders by numbers of its own, so that it can go on after a restart.
 */
export interface PlaceDeskOrder {
  readonly type: 'desk.place'
  readonly desk: number
  /** Unique among the desk's open orders. */
  readonly ref: number
  readonly symbol: string
  readonly side: Side
  /** 0 is a market order. */
  readonly priceTicks: number
  readonly sizeLots: number
  /** `call`: rests; while the symbol does not trade, halted or in a call, it is collected and may cross. */
  readonly instruction: 'rest' | 'immediateOrCancel' | 'fillOrKill' | 'postOnly' | 'call'
  /** Of an iceberg: what the book shows of it at most. */
  readonly displayLots?: number
}
export interface CancelDeskOrder {
  readonly type: 'desk.cancel'
  readonly desk: number
  readonly ref: number
}
/** Takes lots off a desk's order; it keeps its place. */
export interface ReduceDeskOrder {
  readonly type: 'desk.reduce'
  readonly desk: number
  readonly ref: number
  readonly byLots: number
}

/** A trade that a replayed tape shows and the book cannot make; its price may lie off the tick grid. */
export interface PrintTrade {
  readonly type: 'trade.print'
  readonly symbol: string
  readonly price: number
  readonly size: number
  readonly aggressor: Side
  /** Against an order that no book showed. */
  readonly hidden: boolean
  /** An auction's: printed also while the symbol does not trade. */
  readonly auction?: boolean
}

/** The operator's. A phase that cannot follow the present one is left out, the answer is the same. */
export interface SetPhase {
  readonly type: 'phase.set'
  /** null: the whole market. */
  readonly symbol: string | null
  readonly phase: Phase
  readonly reason: string | null
  readonly until: number | null
}

/** A headline; of no symbols: it concerns the whole market. */
export interface PublishNews {
  readonly type: 'news.publish'
  readonly headline: string
  readonly symbols: readonly string[]
  readonly severity: News['severity']
}

/** The operator's: how fast the market's clock runs. Changes no book; logged, so that a replay of the commands has it. */
export interface SetPace {
  readonly type: 'pace.set'
  /** `10x`, `0.5x`, `max`; `0x` pauses. */
  readonly pace: string
}

/** The operator's: scenarios of a simulated market. Changes no book; logged, so that a replay of the commands has it. */
export interface StartScenarios {
  readonly type: 'scenario.start'
  readonly names: readonly string[]
  /** The market's time, milliseconds since 1970; now when absent. */
  readonly startTime?: number
}

/** Nothing but the time: closes the minutes that have passed, and does what was due in between. */
export interface AdvanceClock {
  readonly type: 'clock.advance'
}

export type AccountCommand = PlaceOrder | ReplaceOrder | CancelOrder | CancelAllOrders
export type DeskCommand = PlaceDeskOrder | CancelDeskOrder | ReduceDeskOrder | PrintTrade
export type SessionCommand = GuardSession | LoseSession | LoseAllSessions
export type Command =
  | OpenAccount
  | AccountCommand
  | SessionCommand
  | DeskCommand
  | SetPhase
  | PublishNews
  | SetPace
  | StartScenarios
  | AdvanceClock

/** When a command was sequenced, by both clocks. */
export interface Stamp {
  /** Wall clock, integer microseconds since 1970. */
  readonly ts: number
  /** The market's clock, milliseconds since 1970; never runs backwards. */
  readonly time: number
}

/** What became of a desk's command: a desk is told lots, never texts. */
export interface DeskAnswer {
  readonly type: 'desk'
  readonly accepted: boolean
  readonly filledLots: number
  /** What rests after it; 0 when nothing does. */
  readonly openLots: number
}

/** What the one who asked is told. An execution here is the same object as in the account's private stream. */
export type CommandAnswer =
  | Execution
  | CancelReject
  | DeskAnswer
  | { readonly type: 'account.opened'; readonly accountId: string }
  | { readonly type: 'canceled'; readonly count: number }
  | { readonly type: 'done' }
