// The ended orders of the account and the life of each: from the executions that the page sees, and by request for what
// was before. desk.ts passes in the executions and says when the account is another one; account/History.tsx draws it.

import type { Execution, Order } from '@papertape/protocol'
import type { FrameScheduler } from '../reactive/frame-scheduler.ts'
import { createComputed, type Observable } from '../reactive/observable.ts'
import { endedOrders, mergeExecutions } from './order-life.ts'
import { textOf } from './submissions.ts'

export interface OrderHistoryPorts {
  /** A page of the ended orders, newest first, and what asks for the next one. Absent: only what the page saw. */
  orderHistory?(page: { readonly before?: string }): Promise<{
    readonly orders: readonly Order[]
    readonly next: string | null
  }>
  /** All executions of an order, oldest first. */
  orderLife?(orderId: string): Promise<readonly Execution[]>
}

export interface OrderHistoryState {
  /** The ended orders, newest first. */
  readonly orders: readonly Order[]
  /** By orderId: what is known of each order's life, oldest first. */
  readonly lives: ReadonlyMap<string, readonly Execution[]>
  /** Older orders can be requested. */
  readonly hasMore: boolean
  readonly isLoading: boolean
  /** Why the last request failed. */
  readonly problem: string | null
}

export interface OrderHistory {
  readonly state: Observable<OrderHistoryState>
  /** Executions of the private stream; each counts once, in any order. */
  add(executions: readonly Execution[]): void
  /** Requests the newest page, unless that has been done. */
  open(): void
  /** Requests the next page. */
  loadMore(): void
  /** Requests the whole life of an order. */
  loadLife(orderId: string): void
  /** Executions may have been missed: what was requested is requested again. */
  refresh(): void
  /** Another account. */
  clear(): void
}

/** Orders whose executions are kept; those whose last execution is oldest go first. */
const LIVES_KEPT = 1_000

export function createOrderHistory(ports: OrderHistoryPorts, frames: FrameScheduler): OrderHistory {
  let lives = new Map<string, readonly Execution[]>()
  let fetched: readonly Order[] = []
  let next: string | null = null
  let isOpen = false
  let isLoading = false
  let problem: string | null = null
  /** Of the account: answers of requests for another one are dropped. */
  let generation = 0
  const state = createComputed(frames, () => ({
    orders: endedOrders(lives.values(), fetched),
    lives: new Map(lives),
    hasMore: next !== null,
    isLoading,
    problem,
  }))

  function merge(orderId: string, executions: readonly Execution[]): void {
    const life = mergeExecutions(lives.get(orderId) ?? [], executions)
    lives.delete(orderId)
    if (life.length > 0) lives.set(orderId, life)
    if (lives.size > LIVES_KEPT) lives.delete(lives.keys().next().value!)
    state.invalidate()
  }

  /** Takes the answer unless the account has changed meanwhile. */
  async function take<T>(answer: Promise<T>, apply: (answer: T) => void): Promise<void> {
    const asked = generation
    try {
      const answered = await answer
      if (asked !== generation) return
      problem = null
      apply(answered)
    } catch (error) {
      if (asked === generation) problem = textOf(error)
    }
    state.invalidate()
  }

  async function loadPage(page: { readonly before?: string }): Promise<void> {
    if (ports.orderHistory === undefined || isLoading) return
    const asked = generation
    isLoading = true
    state.invalidate()
    await take(ports.orderHistory(page), answer => {
      const known = new Map([...fetched, ...answer.orders].map(order => [order.orderId, order]))
      // The newest page, requested again, says nothing about the pages after those already here.
      if (page.before !== undefined || fetched.length === 0) next = answer.next
      fetched = [...known.values()]
    })
    if (asked === generation) isLoading = false
  }

  return {
    state,
    add(executions) {
      for (const [orderId, ofOrder] of Map.groupBy(executions, one => one.orderId)) merge(orderId, ofOrder)
    },
    open() {
      if (isOpen) return
      isOpen = true
      void loadPage({})
    },
    loadMore() {
      if (next !== null) void loadPage({ before: next })
      else if (problem !== null) void loadPage({})
    },
    loadLife(orderId) {
      if (ports.orderLife === undefined) return
      void take(ports.orderLife(orderId), answer => merge(orderId, answer))
    },
    refresh() {
      if (isOpen) void loadPage({})
    },
    clear() {
      generation++
      lives = new Map()
      fetched = []
      next = null
      isOpen = false
      isLoading = false
      problem = null
      state.invalidate()
    },
  }
}
