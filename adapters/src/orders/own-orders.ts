// An account's orders for the adapters: places, replaces, cancels and reads them by the same commands and rates as the
// service's own API. A reject is a value; what a venue answers with is the caller's, and so is whether the token may
// trade.

import { cancelAllOrders, cancelOrder, type KnownAccount, placeOrder, replaceOrder } from '@papertape/gateway'
import type {
  Execution,
  NewOrder,
  Order,
  OrderChange,
  OrderList,
  OrderReference,
  PlaceOrder,
  Reject,
} from '@papertape/protocol'
import type { AdapterDeps } from '../adapter-deps.ts'
import { hasSameLegs, isLeg, LIST_ORDERS_MAX, orderClassOf } from './order-list.ts'

export type OrderOutcome =
  | { readonly kind: 'done'; readonly order: Order; readonly execution: Execution }
  | { readonly kind: 'refused'; readonly reject: Reject }

const PAGE = 200

export class OwnOrders {
  readonly #deps: AdapterDeps
  readonly #account: KnownAccount

  constructor(deps: AdapterDeps, account: KnownAccount) {
    this.#deps = deps
    this.#account = account
  }

  get #accountId(): string {
    return this.#account.accountId
  }

  /** Sent again it is the same order, as it stands now; another order under its id is refused. */
  async place(order: NewOrder): Promise<OrderOutcome> {
    const command = placeOrder(this.#accountId, order)
    const answer = await this.#deps.venue.submit(command).answer
    if (answer.type !== 'execution') throw new Error(`order.place was answered with ${answer.type}`)
    if (answer.duplicate === true && !(await this.#isSame(command, answer))) {
      return { kind: 'refused', reject: takenId(answer) }
    }
    return answer.execType === 'rejected' ? { kind: 'refused', reject: answer.reason! } : this.#done(answer)
  }

  async replace(order: OrderReference, change: OrderChange): Promise<OrderOutcome> {
    const answer = await this.#deps.venue.submit(replaceOrder(this.#accountId, order, change)).answer
    if (answer.type === 'cancel.reject') return { kind: 'refused', reject: answer }
    if (answer.type !== 'execution') throw new Error(`order.replace was answered with ${answer.type}`)
    return this.#done(answer)
  }

  async cancel(order: OrderReference): Promise<OrderOutcome> {
    const answer = await this.#deps.venue.submit(cancelOrder(this.#accountId, order)).answer
    if (answer.type === 'cancel.reject') return { kind: 'refused', reject: answer }
    if (answer.type !== 'execution') throw new Error(`order.cancel was answered with ${answer.type}`)
    return this.#done(answer)
  }

  /** Those that were open, with their state before. */
  async cancelAll(symbol?: string): Promise<readonly Order[]> {
    const open = await this.list('open')
    await this.#deps.venue.submit(cancelAllOrders(this.#accountId, { symbol })).answer
    return open.filter(order => symbol === undefined || order.symbol === symbol)
  }

  find(order: OrderReference): Promise<Order | undefined> {
    return this.#deps.venue.query('order', { accountId: this.#accountId, ...order })
  }

  /** Newest first. @param most the newest ones, at most. */
  async list(list: OrderList, most = 1_000): Promise<readonly Order[]> {
    const orders: Order[] = []
    for (let after: string | undefined; orders.length < most; after = orders.at(-1)?.orderId) {
      const limit = Math.min(PAGE, most - orders.length)
      const page = await this.#deps.venue.query('orders', { accountId: this.#accountId, list, after, limit })
      orders.push(...page)
      if (page.length < limit) break
    }
    return orders
  }

  /** The other orders of the list that was placed with this one, by their ids; those that are still known. */
  async legsOf(orderId: string): Promise<readonly Order[]> {
    const after = String(Number(orderId) + LIST_ORDERS_MAX)
    const page = { accountId: this.#accountId, list: 'all', after, limit: LIST_ORDERS_MAX } as const
    const orders = await this.#deps.venue.query('orders', page)
    return orders.filter(order => order.listId === orderId && isLeg(order)).reverse()
  }

  /** The last execution of an order that has ended; undefined when it is no longer kept. */
  lastExecution(order: Order): Promise<Execution | undefined> {
    return this.#execution(order, 'lastSeq')
  }

  async #execution({ orderId }: Order, which: 'firstSeq' | 'lastSeq'): Promise<Execution | undefined> {
    const accountId = this.#accountId
    const span = await this.#deps.venue.query('orderSpan', { accountId, orderId })
    if (span === undefined) return undefined
    const [event] = await this.#deps.venue.query('privateEvents', { accountId, from: span[which], limit: 1 })
    if (event?.seq !== span[which]) return undefined
    const execution = JSON.parse(event.data) as Execution
    return execution.orderId === orderId ? execution : undefined
  }

  /** What was asked for the first time is asked again; not where the placing of a leg is no longer kept. */
  async #isSame(order: PlaceOrder, first: Execution): Promise<boolean> {
    if (!hasSameTerms(order, first) || orderClassOf(first) !== order.orderClass) return false
    // Of a list that was refused no leg was placed, and what repeats it is refused in any case.
    if (order.orderClass === undefined || first.execType === 'rejected') return true
    const legs: Execution[] = []
    for (const leg of await this.legsOf(first.orderId)) {
      const placed = await this.#execution(leg, 'firstSeq')
      if (placed !== undefined) legs.push(placed)
    }
    return hasSameLegs(order, legs)
  }

  /** The order as it is now: an answer that is sent again is the first one. */
  async #done(execution: Execution): Promise<OrderOutcome> {
    const order = await this.find({ orderId: execution.orderId })
    if (order === undefined) throw new Error(`order ${execution.orderId} was answered and is not there`)
    return { kind: 'done', order, execution }
  }
}

const COMPARED = [
  'symbol',
  'side',
  'orderType',
  'timeInForce',
  'postOnly',
  'size',
  'displaySize',
  'trailAmount',
  'trailPercent',
  'selfTradePrevention',
] as const

/** Without the other orders of its list. */
function hasSameTerms(order: PlaceOrder, first: Execution): boolean {
  const isTrailing = order.orderType === 'trailingStop'
  return (
    COMPARED.every(name => order[name] === first[name]) &&
    (order.price ?? null) === first.price &&
    // That of a trailing stop is the exchange's.
    (isTrailing || order.stopPrice === first.stopPrice)
  )
}

function takenId({ clientOrderId, orderId }: Execution): Reject {
  const text = `the clientOrderId ${clientOrderId} is used by order ${orderId}, which is another one`
  return { code: 'duplicate-client-order-id', text }
}
