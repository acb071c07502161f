// The trading desk: what the account holds, what is open, what was filled, and what became of each thing sent. Orders
// leave through the order channel that app/ opens; nothing is drawn here.

import { AccountView, type ChannelOptions, type ChannelState, type OrderEntry } from '@papertape/client'
import type { BalanceState, Execution, NewOrder, Order, PositionState } from '@papertape/protocol'
import type { Line, LineState } from '../connections/connection.ts'
import { formatSize } from '../format/format.ts'
import type { Frames } from '../reactive/frame-scheduler.ts'
import { type Cell, createCell } from '../reactive/observable.ts'
import { isOpen } from './submission.ts'
import { type Asked, createSubmissions, type Submission, textOf } from './submissions.ts'

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
  /** What was sent last, unless it was put away. */
  readonly latest: Submission | null
  /** Why there is no account, or what else went wrong. */
  readonly trouble: string | null
}

export interface DeskPorts {
  /** The account of this browser, whose cookie the requests below carry; a new one the first time. */
  account(): Promise<{ readonly accountId: string }>
  openOrders(options: Pick<ChannelOptions, 'onState' | 'onMessage'>): OrderEntry
  /** What was filled before this page was opened. */
  fills(): Promise<readonly Execution[]>
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
  /** Puts the last result away, if there is one: the ticket is about something else now. */
  dismiss(): void
  /** Calls back at each fill as it happens. */
  onFill(listener: (execution: Execution) => void): () => void
  reconnect(): void
  start(): void
  stop(): void
}

const PING_MS = 5_000
const RETRY_MS = 3_000
const FILLS_KEPT = 200

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
  latest: null,
  trouble: null,
}

export function createDesk(ports: DeskPorts, frames: Frames, line: Line): Desk {
  let channel: OrderEntry | undefined
  let view = newView()
  let running = false
  let before: readonly Execution[] = []
  let dismissed: string | null = null
  let knownFillSeq = 0
  let epoch: string | null = null
  // Logons that were refused since the last one that was not.
  let refusedLogons = 0
  let accountId: string | null = null
  let trouble: string | null = null
  const cell = createCell(frames, read)
  const timers = new Set<() => void>()
  const fillListeners = new Set<(execution: Execution) => void>()
  const submissions = createSubmissions({
    nowMs: ports.nowMs,
    later,
    onChange: () => cell.touch(),
    onUnknown: () => void recover(),
  })

  function newView(): AccountView {
    return new AccountView({
      fillsMax: FILLS_KEPT,
      onChange: () => cell.touch(),
      onGap: from => void channel?.resend(from).catch(failedQuietly),
    })
  }

  function read(): DeskState {
    if (accountId === null) return { ...NOTHING, trouble }
    const [latest] = submissions.list
    return {
      accountId,
      orders: view.orders.reverse(),
      fills: mergeFills(view.fills, before),
      positions: view.positions.sort((a, b) => a.symbol.localeCompare(b.symbol)),
      balance: view.balance ?? null,
      latest: latest === undefined || latest.clientOrderId === dismissed ? null : latest,
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
      open()
      before = await ports.fills()
      knownFillSeq = Math.max(knownFillSeq, ...before.map(({ seq }) => seq))
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

  function open(): void {
    view = newView()
    const opened: OrderEntry = ports.openOrders({
      onState: state => {
        if (opened === channel) follow(state)
      },
      onMessage(message) {
        if (opened !== channel) return
        // Another market at the same address: nothing that is known of the account is of that one.
        if (message.type === 'welcome' && epoch !== null && message.epoch !== epoch) {
          startAnew()
          return
        }
        if (message.type === 'welcome') epoch = message.epoch
        const isFirst = view.seq === undefined
        view.apply(message)
        line.received(1)
        line.update({
          lastAtMs: ports.nowMs(),
          bytes: ports.bytesOfOrders(),
          position: view.seq === undefined ? null : String(view.seq),
        })
        if (message.type === 'account.snapshot' && !isFirst) void loadFills()
        if (message.type !== 'execution') return
        submissions.execution(message)
        tellFills([message])
      },
    })
    channel = opened
  }

  function startAnew(): void {
    channel?.close()
    channel = undefined
    accountId = null
    epoch = null
    trouble = null
    before = []
    knownFillSeq = 0
    view = newView()
    submissions.clear()
    void begin()
  }

  /** A snapshot has no fills: those of the time that we were away are asked for. */
  async function loadFills(): Promise<void> {
    try {
      before = await ports.fills()
      tellFills(before)
      cell.touch()
    } catch (error) {
      failedQuietly(error)
    }
  }

  /** Oldest first; each once, and none from before the page was opened. */
  function tellFills(executions: readonly Execution[]): void {
    for (const execution of executions) {
      if (execution.lastSize === 0 || execution.seq <= knownFillSeq) continue
      knownFillSeq = execution.seq
      for (const listener of fillListeners) listener(execution)
    }
  }

  /** Finds out what came of requests that got no answer: their executions, or that the account knows nothing of them. */
  async function recover(): Promise<void> {
    const asked = channel
    const from = submissions.unknownFrom
    if (asked === undefined || from === undefined || asked.state.phase !== 'ready') return
    try {
      await asked.resend(from)
      if (asked === channel) submissions.settle(view.orders)
    } catch (error) {
      // The next logon tries again.
      failedQuietly(error)
    }
  }

  function follow(state: ChannelState): void {
    const since = line.facts.doubtfulSinceMs
    const isSilent = state.doubtful || (state.phase === 'ready' && state.freshness === 'doubtful')
    line.update({
      state: isSilent ? 'stale' : LINE_STATES[state.phase],
      doubtfulSinceMs: {
        live: null,
        // A channel that has replaced a doubtful one knows nothing of the account yet: the doubt stays.
        none: since,
        doubtful: since ?? state.lastArrivalMs ?? state.doubtfulSinceMs ?? ports.nowMs(),
      }[state.freshness],
      retries: state.attempts,
      retryAtMs: state.retryInMs === undefined ? null : ports.nowMs() + state.retryInMs,
      note: state.reason?.text ?? null,
    })
    if (state.phase === 'ready') {
      refusedLogons = 0
      measure()
      void recover()
    }
    // An exchange that keeps nothing has forgotten us: a new account, as on the first day.
    if (state.phase === 'closed' && state.reason?.code === 'bad-token' && running) {
      channel = undefined
      later(() => void begin(), refusedLogons++ === 0 ? 0 : RETRY_MS)
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
          if (line.facts.state === 'live') measure()
        }, PING_MS)
      })
  }

  /** The channel's state says the same, and louder. */
  function failedQuietly(error: unknown): void {
    line.update({ note: textOf(error) })
  }

  /** Follows one request from sending to its answer, whatever it was. */
  function submit(
    asked: Omit<Asked, 'afterSeq'>,
    request: (open: OrderEntry) => Parameters<typeof submissions.follow>[1],
  ): void {
    const whole = { ...asked, afterSeq: view.seq ?? 0 }
    if (channel === undefined) {
      submissions.refuse(whole, 'not-open', 'The order channel is not open yet: try again in a moment.')
    } else submissions.follow(whole, request(channel))
  }

  return {
    cell,
    place(order, says) {
      const clientOrderId = ports.newId()
      submit({ clientOrderId, symbol: order.symbol, says, kind: 'order' }, open =>
        open.place({ ...order, clientOrderId }),
      )
    },
    cancel({ clientOrderId, symbol, side, leavesSize }) {
      const says = `Cancel ${side} ${formatSize(leavesSize)} ${symbol}`
      const id = `cancel-${ports.newId()}`
      submit({ clientOrderId: id, symbol, says, kind: 'change', cancels: clientOrderId }, open =>
        open.cancel(clientOrderId),
      )
    },
    cancelAll() {
      const clientOrderId = `cancel-${ports.newId()}`
      submit({ clientOrderId, symbol: '', says: 'Cancel all open orders', kind: 'change', cancelsAll: true }, open =>
        open.cancelAll(),
      )
    },
    replace({ clientOrderId: origClientOrderId, symbol, side }, change) {
      const clientOrderId = ports.newId()
      const what = Object.entries(change).map(([field, value]) => `${field} ${value.toLocaleString('en-US')}`)
      const says = `Change ${side} ${symbol}: ${what.join(', ')}`
      submit({ clientOrderId, symbol, says, kind: 'change' }, open =>
        open.replace({ clientOrderId, origClientOrderId, ...change }),
      )
    },
    dismiss() {
      const [latest] = submissions.list
      if (latest === undefined || isOpen(latest.state)) return
      dismissed = latest.clientOrderId
      cell.touch()
    },
    onFill(listener) {
      fillListeners.add(listener)
      return () => fillListeners.delete(listener)
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

/** Newest first by seq; what is in both counts once. */
export function mergeFills(known: readonly Execution[], older: readonly Execution[]): readonly Execution[] {
  const bySeq = new Map([...older, ...known].filter(one => one.lastSize > 0).map(one => [one.seq, one]))
  return [...bySeq.values()].sort((a, b) => b.seq - a.seq).slice(0, FILLS_KEPT)
}

/** Profit not yet taken, at a price; the exchange's own figure while there is none. */
export function unrealisedAt(position: PositionState, price: number | null): number {
  return price === null ? position.unrealised : position.size * (price - position.avgCost)
}
