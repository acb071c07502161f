// The trading desk: what the account holds, what is open, what was filled, and what became of each thing sent. Orders
// leave through the order channel that app/ opens; nothing is drawn here.

import {
  AccountView,
  type ChangeAnswer,
  type ChannelOptions,
  type ChannelState,
  type OrderChannel,
  type PlaceAnswer,
} from '@papertape/client'
import type { BalanceState, Execution, NewOrder, Order, PositionState } from '@papertape/protocol'
import { type Cell, createCell } from '../market/cell.ts'
import type { Frames } from '../market/frame.ts'
import type { Line, LineState } from '../market/line.ts'
import { isOver, next, type SubmissionEvent, type SubmissionState } from './submission.ts'

/** Something that was asked of the exchange, and what came of it. */
export interface Submission {
  readonly clientOrderId: string
  /** In words: `Buy 100 PAPR at 12.30`. */
  readonly says: string
  readonly state: SubmissionState
  /** The exchange's code and words when it refused. */
  readonly code: string | null
  readonly text: string | null
  readonly sentAtMs: number
  /** From sending to the first answer. */
  readonly tookMs: number | null
  readonly cumSize: number
  readonly avgPrice: number | null
}

export interface DeskState {
  readonly accountId: string | null
  /** The open ones, newest first. */
  readonly orders: readonly Order[]
  /** Newest first. */
  readonly fills: readonly Execution[]
  /** By symbol. */
  readonly positions: readonly PositionState[]
  /** null until the account is known. */
  readonly balance: BalanceState | null
  /** Newest first. */
  readonly submissions: readonly Submission[]
  /** Why there is no account, or what else went wrong. */
  readonly trouble: string | null
}

export interface DeskPorts {
  /** The account of this browser; a new one the first time. */
  account(): Promise<{ readonly accountId: string; readonly token: string }>
  /** The account is not known to the exchange any more. */
  forgetAccount(): void
  openOrders(options: Pick<ChannelOptions, 'token' | 'onState' | 'onMessage'>): OrderChannel
  /** What was filled before this page was opened. */
  fills(token: string): Promise<readonly Execution[]>
  /** Over the order channel, so far. */
  bytesOfOrders(): number
  nowMs(): number
  setTimer(run: () => void, delayMs: number): () => void
  newId(): string
}

export interface Desk {
  readonly cell: Cell<DeskState>
  /** @param says the order in words, for the result line. */
  place(order: Omit<NewOrder, 'clientOrderId'>, says: string): void
  cancel(order: Order): void
  cancelAll(): void
  replace(order: Order, change: { readonly size?: number; readonly price?: number }): void
  reconnect(): void
  start(): void
  stop(): void
}

export const SLOW_MS = 1_000
export const DEADLINE_MS = 10_000
const PING_MS = 5_000
const RETRY_MS = 3_000
const SUBMISSIONS_KEPT = 20
const FILLS_KEPT = 200

const EVENT_OF: Readonly<Record<Execution['execType'], SubmissionEvent>> = {
  new: 'accepted',
  partialFill: 'partFilled',
  fill: 'filled',
  canceled: 'ended',
  replaced: 'accepted',
  rejected: 'refused',
  expired: 'ended',
  triggered: 'accepted',
}

/** The channel's phases in the words of the page's connections. */
const LINE_STATES: Readonly<Record<ChannelState['phase'], LineState>> = {
  connecting: 'connecting',
  loggingOn: 'connecting',
  ready: 'live',
  waiting: 'waiting',
  closed: 'closed',
}

const NOTHING: DeskState = {
  accountId: null,
  orders: [],
  fills: [],
  positions: [],
  balance: null,
  submissions: [],
  trouble: null,
}

export function createDesk(ports: DeskPorts, frames: Frames, line: Line): Desk {
  let channel: OrderChannel | undefined
  let view = newView()
  let running = false
  let before: readonly Execution[] = []
  let submissions: readonly Submission[] = []
  let accountId: string | null = null
  let trouble: string | null = null
  const cell = createCell(frames, read)
  const timers = new Set<() => void>()

  function newView(): AccountView {
    return new AccountView({
      fillsMax: FILLS_KEPT,
      onChange: () => cell.touch(),
      onGap: from => void channel?.resend(from).catch(failedQuietly),
    })
  }

  function read(): DeskState {
    if (accountId === null) return { ...NOTHING, trouble }
    return {
      accountId,
      orders: view.orders.reverse(),
      fills: mergeFills(view.fills, before),
      positions: view.positions.sort((a, b) => a.symbol.localeCompare(b.symbol)),
      balance: view.balance ?? null,
      submissions,
      trouble,
    }
  }

  function later(run: () => void, delayMs: number): void {
    const cancel = ports.setTimer(() => {
      timers.delete(cancel)
      if (running) run()
    }, delayMs)
    timers.add(cancel)
  }

  async function begin(): Promise<void> {
    line.update({ state: 'connecting' })
    try {
      const account = await ports.account()
      if (!running) return
      accountId = account.accountId
      trouble = null
      view = newView()
      open(account.token)
      before = await ports.fills(account.token)
    } catch (error) {
      if (!running) return
      trouble = textOf(error)
      if (channel === undefined) {
        line.update({ state: 'waiting', note: trouble, retryAtMs: ports.nowMs() + RETRY_MS })
        later(() => void begin(), RETRY_MS)
      }
    }
    cell.touch()
  }

  function open(token: string): void {
    channel = ports.openOrders({
      token,
      onState: follow,
      onMessage(message) {
        view.apply(message)
        line.received(1)
        line.update({
          lastAtMs: ports.nowMs(),
          bytes: ports.bytesOfOrders(),
          position: view.seq === undefined ? null : String(view.seq),
        })
        if (message.type === 'execution') answered(message.clientOrderId, message)
      },
    })
  }

  function follow(state: ChannelState): void {
    line.update({
      state: state.doubtful ? 'stale' : LINE_STATES[state.phase],
      retries: state.attempts,
      retryAtMs: state.retryInMs === undefined ? null : ports.nowMs() + state.retryInMs,
      note: state.reason?.text ?? null,
    })
    if (state.phase === 'ready') measure()
    // An exchange that keeps nothing has forgotten us: a new account, as on the first day.
    if (state.phase === 'closed' && state.reason?.code === 'bad-token' && running) {
      ports.forgetAccount()
      channel = undefined
      later(() => void begin(), 0)
    }
  }

  let measuring = false
  function measure(): void {
    const asked = channel
    if (measuring || asked === undefined) return
    measuring = true
    asked
      .ping()
      .then(roundTripMs => line.update({ roundTripMs }), failedQuietly)
      .finally(() => {
        later(() => {
          measuring = false
          if (line.cell.get().state === 'live') measure()
        }, PING_MS)
      })
  }

  /** The channel's state says the same, and louder. */
  function failedQuietly(error: unknown): void {
    line.update({ note: textOf(error) })
  }

  function answered(clientOrderId: string, execution: Execution): void {
    const { reason, cumSize, avgPrice } = execution
    const told = reason === undefined ? {} : { code: reason.code, text: reason.text }
    move(clientOrderId, EVENT_OF[execution.execType], { cumSize, avgPrice, ...told })
  }

  function move(clientOrderId: string, event: SubmissionEvent, change: Partial<Submission> = {}): void {
    submissions = submissions.map(one => {
      if (one.clientOrderId !== clientOrderId || isOver(one.state)) return one
      const unanswered = event === 'delay' || event === 'deadline'
      const tookMs = one.tookMs ?? (unanswered ? null : ports.nowMs() - one.sentAtMs)
      return { ...one, ...change, tookMs, state: next(one.state, event) }
    })
    cell.touch()
  }

  /** Follows one request from sending to its answer, whatever it was. */
  function submit(
    id: string,
    says: string,
    request: (open: OrderChannel) => Promise<PlaceAnswer | ChangeAnswer>,
  ): void {
    const sentAtMs = ports.nowMs()
    const fresh = {
      clientOrderId: id,
      says,
      sentAtMs,
      code: null,
      text: null,
      tookMs: null,
      cumSize: 0,
      avgPrice: null,
    }
    submissions = [{ ...fresh, state: 'sent' as const }, ...submissions].slice(0, SUBMISSIONS_KEPT)
    cell.touch()
    if (channel === undefined) {
      move(id, 'refused', { code: 'not-open', text: 'The order channel is not open yet: try again in a moment.' })
      return
    }
    later(() => move(id, 'delay'), SLOW_MS)
    later(() => move(id, 'deadline'), DEADLINE_MS)
    request(channel).then(
      answer => {
        if (answer.type === 'execution') answered(id, answer)
        else move(id, answer.type === 'unknown' ? 'deadline' : 'refused', { code: answer.code, text: answer.text })
      },
      error => move(id, 'deadline', { code: (error as { code?: string }).code ?? null, text: textOf(error) }),
    )
  }

  return {
    cell,
    place(order, says) {
      const clientOrderId = ports.newId()
      submit(clientOrderId, says, open => open.place({ ...order, clientOrderId }))
    },
    cancel(order) {
      const says = `Cancel ${order.side} ${order.leavesSize} ${order.symbol}`
      submit(`cancel-${ports.newId()}`, says, open => open.cancel(order.clientOrderId))
    },
    cancelAll() {
      channel?.cancelAll().catch(error => {
        trouble = textOf(error)
        cell.touch()
      })
    },
    replace(order, change) {
      const clientOrderId = ports.newId()
      const what = Object.entries(change).map(([field, value]) => `${field} ${value}`)
      const says = `Change ${order.side} ${order.symbol}: ${what.join(', ')}`
      const fields = { clientOrderId, origClientOrderId: order.clientOrderId, ...change }
      submit(clientOrderId, says, open => open.replace(fields))
    },
    reconnect: () => channel?.reconnect(),
    start() {
      if (running) return
      running = true
      void begin()
    },
    stop() {
      running = false
      for (const cancel of timers) cancel()
      timers.clear()
      channel?.close()
      channel = undefined
      measuring = false
    },
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Newest first by seq; what is in both counts once. */
export function mergeFills(known: readonly Execution[], older: readonly Execution[]): readonly Execution[] {
  const bySeq = new Map([...older, ...known].filter(one => one.lastSize > 0).map(one => [one.seq, one]))
  return [...bySeq.values()].sort((a, b) => b.seq - a.seq).slice(0, FILLS_KEPT)
}

/** Profit not yet taken, at a price; the exchange's own figure while there is none. */
export function unrealisedAt(position: PositionState, price: number | null): number {
  return price === null ? position.unrealised : position.size * (price - position.avgCost)
}
