// The commands: everything that can change the market. The sequencer stamps a command, the engine applies it, the
// journal stores it. Replaying the commands gives the same market again.

import type { RejectCode } from './codes/rejects.ts'
import type { Side } from './constants/feed.ts'
import type { Phase } from './constants/instruments.ts'
import type { OrderClass, OrderStatus, OrderType, SelfTradePrevention, TimeInForce } from './constants/orders.ts'
import type { TokenState } from './schemas/access/tokens.ts'
import type { AlertState } from './schemas/alerts/alerts.ts'
import type { Deposit } from './schemas/cash/deposits.ts'
import type { News } from './schemas/feed/events.ts'
import type { CancelReject, Execution } from './schemas/orders.ts'
import type { Reject } from './schemas/problem.ts'
import type { CancelAllAfterAnswer, CanceledAnswer } from './schemas/rest.ts'
import type { TestDirective } from './schemas/scripts/test-directive.ts'
import type { TestProfile } from './schemas/scripts/test-profile.ts'

export interface OpenAccount {
  readonly type: 'account.open'
  readonly accountId: string
  /** SHA-256 of the token, hex: the token itself is never stored. */
  readonly tokenHash: string
  /** The token's id. Absent in journals from before an account had several tokens. */
  readonly tokenId?: string
  /** In currency. */
  readonly cash: number
  /** A margin account. */
  readonly margin?: true
  /** Its orders may have a testDirective. */
  readonly testing?: true
}

/** Adds paper money to an account. */
export interface DepositCash {
  readonly type: 'account.deposit'
  readonly accountId: string
  /** The account's own id of it: sent again it is the same deposit. */
  readonly clientDepositId: string
  /** In currency. */
  readonly amount: number
}

/** Of an account that is for tests; replaces the profile that it had. */
export interface SetTestProfile {
  readonly type: 'account.profile'
  readonly accountId: string
  readonly profile: TestProfile
}

/** One more token of an account. */
export interface AddToken {
  readonly type: 'token.add'
  readonly accountId: string
  readonly tokenId: string
  /** As in OpenAccount. */
  readonly tokenHash: string
  readonly name: string
  readonly readOnly: boolean
  readonly expiresInDays?: number
}

export interface RevokeToken {
  readonly type: 'token.revoke'
  readonly accountId: string
  readonly tokenId: string
}

/** A token was used: at most once a minute, for the owner's list. */
export interface UseToken {
  readonly type: 'token.use'
  readonly accountId: string
  readonly tokenId: string
}

/** What an alert waits for, from its creation on. */
export type AlertTerms =
  /** A trade at or beyond the price, as seen from the last trade. */
  | { readonly condition: 'priceCrosses'; readonly symbol: string; readonly price: number }
  /** A trade so far above or below the last one. In steps of 0.01. */
  | { readonly condition: 'priceMoves'; readonly symbol: string; readonly percent: number }
  /** The first fill of an open order; without one, of any order of the account. */
  | { readonly condition: 'orderFills'; readonly orderId?: string }
  | { readonly condition: 'halts' | 'resumes'; readonly symbol: string }

export type CreateAlert = AlertTerms & {
  readonly type: 'alert.create'
  readonly accountId: string
  readonly clientAlertId?: string
}

/** Also of an alert that has ended: it is listed no longer. */
export interface DeleteAlert {
  readonly type: 'alert.delete'
  readonly accountId: string
  readonly alertId: string
}

/**
 * What the order archive has under the ids of a command. The sequencer looks it up and logs it with the command,
 * because the exchange holds open orders only and must decide the same when the command is replayed. Only the sequencer
 * sets it.
 */
export interface KnownOrders {
  /** The first answer to the clientOrderId; absent when the id is unused. */
  readonly answer?: Execution
  /** A clientOrderId of the list's other orders that is in use. */
  readonly taken?: string
  /** The order with the origClientOrderId or orderId; with a status when it has ended. */
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
  /** Of an iceberg order: the most that the book shows. */
  readonly displaySize?: number
  /** Of a GTD order: the market time at which it expires, milliseconds since 1970. */
  readonly expireTime?: number
  /** What it must trade on entry, or it is refused. */
  readonly minSize?: number
  /** Of a trailingStop order: how far its stop price is behind the best trade, in currency or in percent of that. */
  readonly trailAmount?: number
  readonly trailPercent?: number
  /** Of a trailingStop order: how far behind the stop price its limit is; without one it becomes a market order. */
  readonly limitOffset?: number
  /** A list of orders, all of which are accepted or none: of this one and of those in takeProfit and stopLoss. */
  readonly orderClass?: OrderClass
  readonly takeProfit?: { readonly clientOrderId: string; readonly price: number }
  readonly stopLoss?: { readonly clientOrderId: string; readonly stopPrice: number; readonly price?: number }
  /** `none` when absent. */
  readonly selfTradePrevention?: SelfTradePrevention
  /** Set when the loss of the session is to cancel the order. */
  readonly sessionId?: string
  readonly known?: KnownOrders
  /** Of an account that is for tests. */
  readonly testDirective?: TestDirective
  /** The order is refused with this code, whatever it asks for: of a test's script. */
  readonly refuse?: RejectCode
}

/** Names an open order by the owner's id for it, or by the exchange's. */
export type OrderReference = { readonly origClientOrderId: string } | { readonly orderId: string }

export type ReplaceOrder = OrderReference & {
  readonly type: 'order.replace'
  readonly accountId: string
  readonly clientOrderId: string
  /** The new total size, filled size included, as in FIX. */
  readonly size?: number
  readonly price?: number
  /** Of a stop order that is not triggered. */
  readonly stopPrice?: number
  /** As in PlaceOrder. */
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
 * The dead man's switch of an account: all of its orders are canceled so long after this, by the wall clock, unless it
 * is sent again; 0 switches it off.
 */
export interface CancelAllAfter {
  readonly type: 'order.cancelAllAfter'
  readonly accountId: string
  readonly timeoutMs: number
}

/** Of the venue: cancels what is due by the wall clock, of cancelAllAfter and of lost sessions. */
export interface CancelDue {
  readonly type: 'order.cancelDue'
}

/**
 * Sets what the loss of a session cancels: nothing, the orders with its id, or all orders of the account. Logged,
 * because a killed server loses all its sessions.
 */
export interface GuardSession {
  readonly type: 'session.guard'
  readonly accountId: string
  readonly sessionId: string
  readonly cancels: 'none' | 'connection' | 'account'
  /** How long after its loss the session may return; 0 when absent. */
  readonly graceMs?: number
}

/** Cancels what the session's guard says, and removes the guard; with a grace both are due after it. */
export interface LoseSession {
  readonly type: 'session.lose'
  readonly accountId: string
  readonly sessionId: string
  /** Absent in journals from before executions named the reason. */
  readonly cause?: 'disconnect'
}

/** The first command after a restart: all sessions are lost. */
export interface LoseAllSessions {
  readonly type: 'session.loseAll'
  /** As in LoseSession. */
  readonly cause?: 'restart'
}

/**
 * An order of a desk: a simulated participant or a replay. No cash checks, integers only. A desk numbers its orders
 * itself, so that it can continue after a restart.
 */
export interface PlaceDeskOrder {
  readonly type: 'desk.place'
  readonly desk: number
  /** Unique among the desk's open orders. */
  readonly ref: number
  readonly symbol: string
  readonly side: Side
  /** 0: a market order. */
  readonly priceTicks: number
  readonly sizeLots: number
  /** `call`: rests; while the symbol does not trade (halted or in a call) it is collected and may cross the book. */
  readonly instruction: 'rest' | 'immediateOrCancel' | 'fillOrKill' | 'postOnly' | 'call'
  /** Of an iceberg order: the most that the book shows. */
  readonly displayLots?: number
}
export interface CancelDeskOrder {
  readonly type: 'desk.cancel'
  readonly desk: number
  readonly ref: number
}
/** Reduces a desk's order; it keeps its queue position. */
export interface ReduceDeskOrder {
  readonly type: 'desk.reduce'
  readonly desk: number
  readonly ref: number
  readonly byLots: number
}

/** A trade of a replay that the book cannot reproduce; its price may be off the tick grid. */
export interface PrintTrade {
  readonly type: 'trade.print'
  readonly symbol: string
  readonly price: number
  readonly size: number
  readonly aggressor: Side
  /** Against a hidden order. */
  readonly hidden: boolean
  /** Of an auction: printed also while the symbol does not trade. */
  readonly auction?: boolean
}

/** Of the operator. A phase that cannot follow the present one is ignored; the answer is the same. */
export interface SetPhase {
  readonly type: 'phase.set'
  /** null: the whole market. */
  readonly symbol: string | null
  readonly phase: Phase
  readonly reason: string | null
  readonly until: number | null
}

/** A headline; without symbols it concerns the whole market. */
export interface PublishNews {
  readonly type: 'news.publish'
  readonly headline: string
  readonly symbols: readonly string[]
  readonly severity: News['severity']
}

/** Of the operator: how fast the market's clock runs. Changes no book; logged for replays of the commands. */
export interface SetPace {
  readonly type: 'pace.set'
  /** `10x`, `0.5x`, `max`; `0x` pauses. */
  readonly pace: string
}

/** Of the operator: scenarios of a simulated market. Changes no book; logged for replays of the commands. */
export interface StartScenarios {
  readonly type: 'scenario.start'
  readonly names: readonly string[]
  /** The market's time, milliseconds since 1970; now when absent. */
  readonly startTime?: number
}

/** Advances the time: closes the minutes that have passed and runs what was due in between. */
export interface AdvanceClock {
  readonly type: 'clock.advance'
}

export type AccountCommand = PlaceOrder | ReplaceOrder | CancelOrder | CancelAllOrders | CancelAllAfter
export type DeskCommand = PlaceDeskOrder | CancelDeskOrder | ReduceDeskOrder | PrintTrade
export type AlertCommand = CreateAlert | DeleteAlert
export type TokenCommand = AddToken | RevokeToken | UseToken
export type SessionCommand = GuardSession | LoseSession | LoseAllSessions
export type Command =
  | OpenAccount
  | DepositCash
  | SetTestProfile
  | TokenCommand
  | AlertCommand
  | AccountCommand
  | CancelDue
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

/** The answer to a desk's command: lots, no texts. */
export interface DeskAnswer {
  readonly type: 'desk'
  readonly accepted: boolean
  readonly filledLots: number
  /** Lots that rest after it. */
  readonly openLots: number
}

/** The answer to a command. An execution is the same object as in the account's private stream. */
export type CommandAnswer =
  | Execution
  | CancelReject
  | DeskAnswer
  | { readonly type: 'account.opened'; readonly accountId: string }
  | Deposit
  | (Reject & { readonly type: 'deposit.reject' })
  /** null: the account has as many tokens as it may, or no such token. */
  | { readonly type: 'account.token'; readonly token: TokenState | null }
  /** null: the account has no such alert. */
  | { readonly type: 'account.alert'; readonly alert: AlertState | null; readonly duplicate?: true }
  | (Reject & { readonly type: 'alert.reject' })
  | CanceledAnswer
  | CancelAllAfterAnswer
  | { readonly type: 'done' }
