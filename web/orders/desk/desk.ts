// The account's state and its requests: open orders, fills, positions, and what became of each submission. Orders leave
// through the order channel that app/ opens. No markup.

import {
  AccountView,
  type OrderEntry,
  type OutboundMessage,
  type RoomEntry,
  type SharedChannelState,
  type SharedOrdersOptions,
} from '@papertape/client'
import type { Execution, Order } from '@papertape/protocol'
import type { PageConnection } from '../../connections/connection.ts'
import { formatSize } from '../../format/format.ts'
import type { FrameScheduler } from '../../reactive/frame-scheduler.ts'
import { createComputed, createObservable, type Observable } from '../../reactive/observable.ts'
import type { AccountControl } from '../accounts/account-control.ts'
import type { AccountName, OwnAccount } from '../accounts/own-account.ts'
import { EDIT_FIELDS, EDIT_NAMES, type OrderEdit } from '../order-edit.ts'
import { createOrderHistory, type OrderHistory, type OrderHistoryPorts } from '../order-history.ts'
import { isPending } from '../submission.ts'
import { createSubmissions, type SubmissionRequest, textOf } from '../submissions.ts'
import { type OrderWithoutIds, withIds } from '../terms/order-without-ids.ts'
import { createChannelMonitor } from './channel-monitor.ts'
import { aheadSizesOf, closingsOf, type DeskState, EMPTY_STATE, FILLS_KEPT, mergeFills } from './desk-state.ts'

export interface DeskPorts extends OrderHistoryPorts {
  /** The active account of this browser, created the first time. Its cookie authorises the requests below. */
  account(): Promise<OwnAccount>
  readonly accounts: Pick<AccountControl, 'follow'>
  openOrders(options: Pick<SharedOrdersOptions, 'onState' | 'onMessage'>): OrderEntry
  /** All fills of the account so far. */
  fills(): Promise<readonly Execution[]>
  /** Bytes received over the order channel so far. */
  bytesOfOrders(): number
  nowMs(): number
  setTimer(run: () => void, delayMs: number): () => void
  newId(): string
}

/** An alert that has triggered, or the account after a connection that may have missed some. */
export type AccountNotice = Extract<OutboundMessage, { readonly type: 'alert' | 'account.snapshot' }>

export interface Desk {
  readonly state: Observable<DeskState>
  /** The ended orders, and the life of each. */
  readonly history: OrderHistory
  /** The rooms of the active account's channel; null while there is none. */
  readonly roomEntry: Observable<RoomEntry | null>
  /** @param description the order as text, for the result. */
  place(order: OrderWithoutIds, description: string): void
  /** Places an order that closes a position. */
  close(order: OrderWithoutIds, description: string): void
  cancel(order: Order): void
  cancelAll(): void
  replace(order: Order, change: OrderEdit): void
  /** Dismisses the last result, if there is one: the ticket shows another order now. */
  dismiss(): void
  /** Calls back, once, at each new fill, and at the reject or expiry of an order that the ticket did not send. */
  onReport(listener: (execution: Execution) => void): () => void
  /** Calls back at each notice of the active account; an alert may come again. */
  onNotice(listener: (notice: AccountNotice) => void): () => void
  reconnect(): void
  start(): void
  stop(): void
}

const RETRY_MS = 3_000

export function createDesk(ports: DeskPorts, frames: FrameScheduler, connection: PageConnection): Desk {
  let channel: OrderEntry | undefined
  const roomEntry = createObservable<RoomEntry | null>(null)
  let view = newView()
  let running = false
  // Fills from REST: those from before the page was opened, and those missed while it was disconnected.
  let earlierFills: readonly Execution[] = []
  let dismissed: string | null = null
  let reportedSeq = 0
  let epoch: string | null = null
  // Refused logons since the last successful one.
  let refusedLogons = 0
  let accountId: string | null = null
  let accounts: readonly AccountName[] = []
  let stopFollowing = () => {}
  let problem: string | null = null
  const deskState = createComputed(frames, compute)
  const timers = new Set<() => void>()
  const reportListeners = new Set<(execution: Execution) => void>()
  const noticeListeners = new Set<(notice: AccountNotice) => void>()
  const submissions = createSubmissions({
    nowMs: ports.nowMs,
    later,
    onChange: () => deskState.invalidate(),
    onUnknown: () => void recover(),
  })
  const history = createOrderHistory(ports, frames)
  const monitor = createChannelMonitor(connection, { nowMs: ports.nowMs, later, channel: () => channel, noteFailure })

  function newView(): AccountView {
    return new AccountView({
      fillsMax: FILLS_KEPT,
      onChange: () => deskState.invalidate(),
      onGap: from => void channel?.resend(from).catch(noteFailure),
    })
  }

  function compute(): DeskState {
    if (accountId === null) return { ...EMPTY_STATE, accounts, problem }
    const [latest] = submissions.list
    const orders = view.orders.reverse()
    return {
      accountId,
      accounts,
      orders,
      aheadSizes: aheadSizesOf(orders, view),
      fills: mergeFills(view.fills, earlierFills),
      positions: view.positions.sort((a, b) => a.symbol.localeCompare(b.symbol)),
      balance: view.balance ?? null,
      marginCallDue: view.marginCallDue ?? null,
      latest: latest === undefined || latest.clientOrderId === dismissed ? null : latest,
      unknown: submissions.list.filter(({ kind, state }) => kind !== 'change' && state === 'unknown'),
      closings: closingsOf(submissions.list, dismissed),
      problem,
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
    connection.update({ state: 'connecting' })
    try {
      const account = await ports.account()
      if (!running) return
      if (account.accountId !== accountId) history.clear()
      accountId = account.accountId
      accounts = account.accounts
      problem = null
      deskState.invalidate()
      const opened = open()
      const fills = await ports.fills()
      // Those of an account that is no longer the active one are not shown.
      if (opened !== channel) return
      earlierFills = fills
      history.add(fills)
      reportedSeq = Math.max(reportedSeq, ...fills.map(({ seq }) => seq))
    } catch (error) {
      if (!running) return
      problem = textOf(error)
      if (channel === undefined) {
        connection.update({ state: 'waiting', note: problem, retryAtMs: ports.nowMs() + RETRY_MS })
        later(() => void begin(), RETRY_MS)
      }
    }
    deskState.invalidate()
  }

  function setChannel(next: OrderEntry | undefined): void {
    channel = next
    roomEntry.set(next ?? null)
  }

  function open(): OrderEntry {
    view = newView()
    const opened: OrderEntry = ports.openOrders({
      onState: state => {
        if (opened === channel) receiveState(state)
      },
      onMessage(message) {
        if (opened !== channel) return
        // Another market at the same address: it does not know this account. Or another account is the active one.
        const isOtherMarket = message.type === 'welcome' && epoch !== null && message.epoch !== epoch
        if (isOtherMarket || ('accountId' in message && message.accountId !== accountId)) {
          startOver()
          return
        }
        if (message.type === 'welcome') epoch = message.epoch
        const isFirst = view.seq === undefined
        view.apply(message)
        connection.received(1)
        connection.update({
          lastAtMs: ports.nowMs(),
          bytes: ports.bytesOfOrders(),
          position: view.seq === undefined ? null : String(view.seq),
        })
        // Fills are missing, or were forgotten.
        if (message.type === 'reset' || (message.type === 'account.snapshot' && !isFirst)) {
          void loadFills()
          history.refresh()
        }
        if (message.type === 'alert' || message.type === 'account.snapshot') {
          for (const listener of noticeListeners) listener(message)
        }
        if (message.type !== 'execution') return
        submissions.execution(message)
        history.add([message])
        report([message])
      },
    })
    setChannel(opened)
    return opened
  }

  /** The accounts of the browser have changed: goes on with the active one. @param active null when it is not known. */
  async function followAccounts(active: string | null): Promise<void> {
    if (active !== null && accountId !== null && active !== accountId) {
      startOver()
      return
    }
    try {
      const own = await ports.account()
      if (!running || accountId === null) return
      accounts = own.accounts
      if (own.accountId === accountId) deskState.invalidate()
      else startOver()
    } catch (error) {
      noteFailure(error)
    }
  }

  function startOver(): void {
    channel?.close()
    setChannel(undefined)
    accountId = null
    epoch = null
    problem = null
    earlierFills = []
    reportedSeq = 0
    view = newView()
    submissions.clear()
    history.clear()
    void begin()
  }

  /** A snapshot has no fills: requests those missed while disconnected. */
  async function loadFills(): Promise<void> {
    const loadedFor = channel
    try {
      const fills = await ports.fills()
      if (loadedFor !== channel) return
      earlierFills = fills
      history.add(fills)
      report(fills)
      deskState.invalidate()
    } catch (error) {
      noteFailure(error)
    }
  }

  /** Takes executions oldest first. Reports each once, and none from before the page was opened. */
  function report(executions: readonly Execution[]): void {
    for (const execution of executions) {
      if (!isReported(execution) || execution.seq <= reportedSeq) continue
      reportedSeq = execution.seq
      for (const listener of reportListeners) listener(execution)
    }
  }

  function isReported({ lastSize, execType, clientOrderId }: Execution): boolean {
    const isEnd = execType === 'rejected' || execType === 'expired'
    // The ticket shows what became of its own.
    const isOfTicket = submissions.list.some(one => one.clientOrderId === clientOrderId && one.kind === 'order')
    return lastSize > 0 || (isEnd && !isOfTicket)
  }

  /** Resolves requests that got no answer: by their executions, or by the account, which does not know them. */
  async function recover(): Promise<void> {
    const recovering = channel
    const from = submissions.unknownFrom
    if (recovering === undefined || from === undefined || recovering.state.phase !== 'ready') return
    try {
      await recovering.resend(from)
      if (recovering === channel) submissions.settle(view.orders)
    } catch (error) {
      // Retried at the next logon.
      noteFailure(error)
    }
  }

  function receiveState(state: SharedChannelState): void {
    monitor.show(state)
    if (state.phase === 'ready') {
      refusedLogons = 0
      void recover()
    }
    // The exchange does not know the account, as after a restart without a journal: get a new one.
    if (state.phase === 'closed' && state.reason?.code === 'bad-token' && running) {
      setChannel(undefined)
      later(() => void begin(), refusedLogons++ === 0 ? 0 : RETRY_MS)
    }
  }

  /** The channel's state shows the failure as well. */
  function noteFailure(error: unknown): void {
    connection.update({ note: textOf(error) })
  }

  /** Follows one request from sending to its answer. */
  function submit(
    fields: Omit<SubmissionRequest, 'afterSeq'>,
    send: (open: OrderEntry) => Parameters<typeof submissions.follow>[1],
  ): void {
    const request = { ...fields, afterSeq: view.seq ?? 0 }
    if (channel === undefined) {
      submissions.refuse(request, 'not-open', 'The order channel is not open yet. Try again in a moment.')
    } else submissions.follow(request, send(channel))
  }

  function placeAs(kind: 'order' | 'closing', order: OrderWithoutIds, description: string): void {
    const clientOrderId = ports.newId()
    submit({ clientOrderId, symbol: order.symbol, description, kind }, open =>
      open.place(withIds(order, clientOrderId)),
    )
  }

  return {
    state: deskState,
    history,
    roomEntry,
    place: (order, description) => placeAs('order', order, description),
    close: (order, description) => placeAs('closing', order, description),
    cancel({ clientOrderId, symbol, side, leavesSize }) {
      const description = `Cancel ${side} ${formatSize(leavesSize)} ${symbol}`
      const id = `cancel-${ports.newId()}`
      submit({ clientOrderId: id, symbol, description, kind: 'change', cancels: clientOrderId }, open =>
        open.cancel(clientOrderId),
      )
    },
    cancelAll() {
      const clientOrderId = `cancel-${ports.newId()}`
      submit(
        { clientOrderId, symbol: '', description: 'Cancel all open orders', kind: 'change', cancelsAll: true },
        open => open.cancelAll(),
      )
    },
    replace({ clientOrderId: origClientOrderId, symbol, side }, change) {
      const clientOrderId = ports.newId()
      const what = EDIT_FIELDS.filter(field => change[field] !== undefined).map(
        field => `${EDIT_NAMES[field]} ${change[field]!.toLocaleString('en-US')}`,
      )
      const description = `Change ${side} ${symbol}: ${what.join(', ')}`
      submit({ clientOrderId, symbol, description, kind: 'change' }, open =>
        open.replace({ clientOrderId, origClientOrderId, ...change }),
      )
    },
    dismiss() {
      const [latest] = submissions.list
      if (latest === undefined || isPending(latest.state)) return
      dismissed = latest.clientOrderId
      deskState.invalidate()
    },
    onReport(listener) {
      reportListeners.add(listener)
      return () => reportListeners.delete(listener)
    },
    onNotice(listener) {
      noticeListeners.add(listener)
      return () => noticeListeners.delete(listener)
    },
    reconnect: () => channel?.reconnect(),
    start() {
      if (running) return
      running = true
      stopFollowing = ports.accounts.follow(active => void followAccounts(active))
      void begin()
    },
    stop() {
      running = false
      stopFollowing()
      for (const cancel of timers) cancel()
      timers.clear()
      channel?.close()
      setChannel(undefined)
      monitor.stop()
    },
  }
}
