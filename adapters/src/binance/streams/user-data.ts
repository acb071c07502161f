// The user data of an account on one connection: an execution report for each execution, and the balances that may have
// changed with it. There is no resume: a client that was away asks REST, as it does with Binance.

import type { KnownAccount, PrivateReader } from '@papertape/gateway'
import type { Execution, PrivateEvent } from '@papertape/protocol'
import type { EncodedPrivateEvent } from '@papertape/venue'
import type { AdapterDeps } from '../../adapter-deps.ts'
import { accountPosition } from '../messages/account.ts'
import { executionReport } from '../messages/order.ts'
import { QUOTE_ASSET } from '../symbols.ts'

export interface UserDataWire {
  send(event: object): void
  /** An event could not be delivered: the stream would have a gap. */
  fail(error: unknown): void
}

export class BinanceUserData implements PrivateReader {
  readonly #deps: Pick<AdapterDeps, 'streams' | 'venue' | 'clock'>
  readonly #account: KnownAccount
  readonly #wire: UserDataWire
  readonly #placedUs = new Map<string, number>()
  /** Events up to here are in the snapshot; undefined until it is there, while new events wait. */
  #seq: number | undefined
  #waiting: EncodedPrivateEvent[] = []
  /** Whose balances may have changed since they were sent. */
  #changed = new Set<string>()
  #hasEnded = false

  constructor(deps: Pick<AdapterDeps, 'streams' | 'venue' | 'clock'>, account: KnownAccount, wire: UserDataWire) {
    this.#deps = deps
    this.#account = account
    this.#wire = wire
  }

  async open(): Promise<void> {
    const { streams, venue } = this.#deps
    const { accountId } = this.#account
    // Before the query: none that is published after it is missed.
    streams.join(accountId, this)
    const snapshot = await venue.query('account', { accountId })
    if (snapshot === undefined) throw new Error(`account ${accountId} is known by its token but not by its id`)
    for (const { orderId, ts } of snapshot.orders) this.#placedUs.set(orderId, ts)
    this.#seq = snapshot.seq
    const waiting = this.#waiting
    this.#waiting = []
    for (const event of waiting) this.deliver(event)
  }

  close(): void {
    this.#hasEnded = true
    this.#deps.streams.leave(this.#account.accountId, this)
  }

  deliver(event: EncodedPrivateEvent): void {
    if (this.#seq === undefined) this.#waiting.push(event)
    else if (event.seq > this.#seq) this.#apply(JSON.parse(event.data) as PrivateEvent)
  }

  fail(error: unknown): void {
    this.#wire.fail(error)
  }

  #apply(event: PrivateEvent): void {
    if (event.type === 'execution') this.#report(event)
    else if (event.type === 'balance') this.#change(QUOTE_ASSET)
  }

  #report(execution: Execution): void {
    const { execType, orderId, origClientOrderId, leavesSize, symbol, ts } = execution
    // The stop price of a trailing stop has moved.
    if (execType === 'replaced' && origClientOrderId === undefined) return
    if (execType === 'new') this.#placedUs.set(orderId, ts)
    const report = executionReport(execution, this.#placedUs.get(orderId) ?? ts)
    if (leavesSize === 0) this.#placedUs.delete(orderId)
    if (report === undefined) return
    this.#wire.send(report)
    if (execType !== 'rejected') this.#change(QUOTE_ASSET, symbol)
  }

  /** Balances are read once for all that a command has changed. */
  #change(...assets: readonly string[]): void {
    const isReading = this.#changed.size > 0
    for (const asset of assets) this.#changed.add(asset)
    if (!isReading) this.#sendBalances().catch(error => this.fail(error))
  }

  async #sendBalances(): Promise<void> {
    const snapshot = await this.#deps.venue.query('account', { accountId: this.#account.accountId })
    if (this.#hasEnded || snapshot === undefined) return
    const changed = this.#changed
    this.#changed = new Set()
    this.#wire.send(accountPosition(snapshot, changed, Math.floor(this.#deps.clock.wallMs())))
  }
}
