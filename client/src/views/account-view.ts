// An account as its owner sees it: open orders, fills, positions, cash, reduced from the private stream. Each seq is
// applied once; after a gap nothing is applied until it is filled. Sends nothing: its owner calls the channel's
// `resend` when onGap is called.

import type { BalanceState, BalanceUpdate, Execution, Order, PositionState } from '@papertape/protocol'
import { isOpen, optionalTermsOf } from '@papertape/protocol'
import type { AccountStreamMessage } from '../account-stream/account-stream-interface.ts'
import type { AccountSnapshotMessage, OutboundMessage } from '../orders/channel-messages.ts'
import { privateSeq } from '../orders/private-stream-position.ts'

export interface AccountViewOptions {
  /** Number of fills that are kept; 500 when absent. */
  readonly fillsMax?: number
  /** Private events from this seq on are missing: `channel.resend(from)`. Once for each gap. */
  onGap?(from: number): void
  /** The view has changed. */
  onChange?(): void
}

export class AccountView {
  readonly #options: AccountViewOptions
  /** Of the public log; another one is another market. */
  #marketEpoch: string | undefined
  /** Of the private stream; another one is another market too. */
  #epoch: string | undefined
  #seq: number | undefined
  #askedFrom: number | undefined
  #orders = new Map<string, Order>()
  #aheadSizes = new Map<string, number>()
  #fills: Execution[] = []
  #positions = new Map<string, PositionState>()
  #balance: BalanceState | undefined
  #marginCallDue: number | undefined
  #accountId: string | undefined
  /** The snapshot's fields that no event changes. */
  #fixed: Pick<AccountSnapshotMessage, 'testing' | 'testProfile'> = {}

  constructor(options: AccountViewOptions = {}) {
    this.#options = options
  }

  get accountId(): string | undefined {
    return this.#accountId
  }

  /** The last private event that was applied; undefined before a snapshot. */
  get seq(): number | undefined {
    return this.#seq
  }

  /** Open orders, oldest first. */
  get orders(): Order[] {
    return [...this.#orders.values()]
  }

  order(orderId: string): Order | undefined {
    return this.#orders.get(orderId)
  }

  /** Size ahead of an open order at its price; undefined while it does not rest, or as long as none was received. */
  aheadSize(orderId: string): number | undefined {
    return this.#aheadSizes.get(orderId)
  }

  /** Newest first; only those since this view was created, since snapshots have none. */
  get fills(): readonly Execution[] {
    return this.#fills
  }

  get positions(): PositionState[] {
    return [...this.#positions.values()]
  }

  position(symbol: string): PositionState | undefined {
    return this.#positions.get(symbol)
  }

  get balance(): BalanceState | undefined {
    return this.#balance
  }

  /** When a margin call is due, by the market's clock in milliseconds since 1970; undefined without one. */
  get marginCallDue(): number | undefined {
    return this.#marginCallDue
  }

  /** All that another view needs to continue from here; undefined before a snapshot. */
  snapshot(): AccountSnapshotMessage | undefined {
    if (this.#seq === undefined || this.#accountId === undefined || this.#balance === undefined) return undefined
    return {
      ...this.#fixed,
      type: 'account.snapshot',
      accountId: this.#accountId,
      seq: this.#seq,
      // A snapshot has the newest first.
      orders: this.orders.toReversed(),
      positions: this.positions,
      balance: this.#balance,
      ...(this.#marginCallDue === undefined ? {} : { marginCallDue: this.#marginCallDue }),
    }
  }

  /** Applies messages of an order channel or an account's stream; those of neither are ignored. */
  apply(message: OutboundMessage | AccountStreamMessage): void {
    switch (message.type) {
      case 'welcome':
        if (this.#marketEpoch !== undefined && this.#marketEpoch !== message.epoch) this.#clear()
        this.#marketEpoch = message.epoch
        break
      case 'logon.ok':
        if (this.#epoch !== undefined && this.#epoch !== message.privateEpoch) this.#clear()
        this.#epoch = message.privateEpoch
        // The answer to a resend was lost with its connection.
        this.#askedFrom = undefined
        break
      case 'reset':
        this.#clear()
        this.#epoch = message.epoch
        break
      case 'account.snapshot':
        this.#reset(message)
        break
      case 'execution':
        if (this.#isNext(message.seq)) this.#execute(message)
        break
      case 'queue':
        if (!this.#isNext(message.seq)) break
        this.#aheadSizes.set(message.orderId, message.aheadSize)
        this.#options.onChange?.()
        break
      case 'position': {
        if (!this.#isNext(message.seq)) break
        const { symbol, size, avgCost, realised, unrealised } = message
        this.#positions.set(symbol, { symbol, size, avgCost, realised, unrealised })
        this.#options.onChange?.()
        break
      }
      case 'balance':
        if (!this.#isNext(message.seq)) break
        this.#balance = balanceOf(message)
        this.#options.onChange?.()
        break
      case 'marginCall': {
        if (!this.#isNext(message.seq)) break
        const { equity, maintenanceMargin, dueTime } = message
        if (this.#balance !== undefined) this.#balance = { ...this.#balance, equity, maintenanceMargin }
        this.#marginCallDue = dueTime ?? undefined
        this.#options.onChange?.()
        break
      }
      default: {
        // An alert changes nothing here, but it has a seq of the private stream.
        const seq = privateSeq(message)
        if (seq !== undefined) this.#isNext(seq)
      }
    }
  }

  #isNext(seq: number): boolean {
    // Before a snapshot events are ignored; the snapshot will include them.
    if (this.#seq === undefined || seq <= this.#seq) return false
    const from = this.#seq + 1
    if (seq === from) {
      this.#seq = seq
      this.#askedFrom = undefined
      return true
    }
    if (this.#askedFrom !== from) {
      this.#askedFrom = from
      this.#options.onGap?.(from)
    }
    return false
  }

  /** Another market, or events are missing: nothing known before is valid. */
  #clear(): void {
    this.#accountId = undefined
    this.#fixed = {}
    this.#epoch = undefined
    this.#seq = undefined
    this.#askedFrom = undefined
    this.#orders = new Map()
    this.#aheadSizes = new Map()
    this.#fills = []
    this.#positions = new Map()
    this.#balance = undefined
    this.#marginCallDue = undefined
    this.#options.onChange?.()
  }

  #reset({
    type: _,
    accountId,
    seq,
    orders,
    positions,
    balance,
    marginCallDue,
    ...fixed
  }: AccountSnapshotMessage): void {
    const isOtherAccount = this.#accountId !== undefined && this.#accountId !== accountId
    if (isOtherAccount) this.#clear()
    if (this.#seq !== undefined && seq < this.#seq) return
    this.#accountId = accountId
    this.#fixed = fixed
    this.#seq = seq
    this.#askedFrom = undefined
    // A snapshot has the newest first.
    this.#orders = new Map(orders.toReversed().map(order => [order.orderId, order]))
    this.#aheadSizes = new Map()
    this.#positions = new Map(positions.map(position => [position.symbol, position]))
    this.#balance = balance
    this.#marginCallDue = marginCallDue
    this.#options.onChange?.()
  }

  #execute(execution: Execution): void {
    const known = this.#orders.get(execution.orderId)
    const { orderId, orderStatus, aheadSize } = execution
    if (isOpen(orderStatus)) this.#orders.set(orderId, orderOf(execution, known))
    else this.#orders.delete(orderId)
    if (isOpen(orderStatus) && aheadSize !== null) this.#aheadSizes.set(orderId, aheadSize)
    else this.#aheadSizes.delete(orderId)
    if (execution.lastSize > 0) this.#fills = [execution, ...this.#fills].slice(0, this.#options.fillsMax ?? 500)
    this.#options.onChange?.()
  }
}

/** Those of a margin account have more fields. */
function balanceOf({ type: _, seq: __, ts: ___, ...balance }: BalanceUpdate): BalanceState {
  return balance
}

/** An execution has the whole order after it, except that a stop has triggered: only one execution says so. */
function orderOf(execution: Execution, known: Order | undefined): Order {
  const { orderId, clientOrderId, symbol, side, orderType, timeInForce, postOnly, size, price } = execution
  const { orderStatus, cumSize, leavesSize, avgPrice } = execution
  // When it was placed or last replaced.
  const ts = known === undefined || execution.origClientOrderId !== undefined ? execution.ts : known.ts
  const hasTriggered = execution.execType === 'triggered' || known?.triggered === true
  const identity = { orderId, clientOrderId, symbol, side, orderType, timeInForce, postOnly, size, price }
  return {
    ...identity,
    ...optionalTermsOf(execution),
    ...(hasTriggered ? { triggered: true } : {}),
    orderStatus,
    cumSize,
    leavesSize,
    avgPrice,
    ts,
  }
}
