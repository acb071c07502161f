// What was asked of the exchange from this page, and what came of each: followed from sending to its end, and found again
// after a lost answer. Holds no connection; desk.ts feeds it answers, executions and, after a reconnect, the account.

import type { ChangeAnswer, CountAnswer, PlaceAnswer } from '@papertape/client'
import type { Execution, Order } from '@papertape/protocol'
import { isOpen, isOver, next, type SubmissionEvent, type SubmissionState } from './submission.ts'

export interface Submission {
  /** The order's own; a cancel has one of the page's, for the exchange gives it none. */
  readonly clientOrderId: string
  /** Empty when it is about all orders. */
  readonly symbol: string
  /** In words: `Buy 100 PAPR at 12.30`. */
  readonly says: string
  /** A new order, or what is asked about those that are open. */
  readonly kind: 'order' | 'change'
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

export interface Asked {
  readonly clientOrderId: string
  readonly symbol: string
  readonly says: string
  readonly kind: Submission['kind']
  /** The order that a cancel is about. */
  readonly cancels?: string
  readonly cancelsAll?: true
  /** The last private event that was known when it was sent: whatever came of it is after that. */
  readonly afterSeq: number
}

type Answer = PlaceAnswer | ChangeAnswer | CountAnswer

export interface SubmissionPorts {
  nowMs(): number
  later(run: () => void, delayMs: number): void
  onChange(): void
  /** No answer will come by itself: the account has to be asked. */
  onUnknown(): void
}

export interface Submissions {
  /** Newest first. */
  readonly list: readonly Submission[]
  /** The private event from which on the unanswered ones are to be looked for; undefined when there are none. */
  readonly unknownFrom: number | undefined
  follow(asked: Asked, request: Promise<Answer>): void
  refuse(asked: Asked, code: string, text: string): void
  execution(execution: Execution): void
  /** The account is known up to now, with these orders open: what it knows nothing of never arrived. */
  settle(orders: readonly Order[]): void
  clear(): void
}

export const SLOW_MS = 1_000
export const DEADLINE_MS = 10_000
const KEPT = 20

const EVENT_OF: Readonly<Record<Execution['execType'], SubmissionEvent>> = {
  new: 'accepted',
  partialFill: 'partFilled',
  fill: 'filled',
  canceled: 'canceled',
  replaced: 'accepted',
  rejected: 'refused',
  expired: 'expired',
  triggered: 'accepted',
}

export function createSubmissions(ports: SubmissionPorts): Submissions {
  let list: readonly Submission[] = []
  // Those whose request came to nothing, by their id.
  const unanswered = new Map<string, Asked>()

  function add({ clientOrderId, symbol, says, kind }: Asked): void {
    const fresh = { clientOrderId, symbol, says, kind, sentAtMs: ports.nowMs(), code: null, text: null, tookMs: null }
    list = [{ ...fresh, state: 'sent' as const, cumSize: 0, avgPrice: null }, ...list].slice(0, KEPT)
    ports.onChange()
  }

  function move(clientOrderId: string, event: SubmissionEvent, change: Partial<Submission> = {}): void {
    list = list.map(one => {
      if (one.clientOrderId !== clientOrderId || isOver(one.state)) return one
      const isAnswer = event !== 'delay' && event !== 'deadline'
      const tookMs = one.tookMs ?? (isAnswer ? ports.nowMs() - one.sentAtMs : null)
      // What a time-out said is void once there is an answer.
      const words = isAnswer ? { code: null, text: null } : {}
      return { ...one, ...words, ...change, tookMs, state: next(one.state, event) }
    })
    if (event !== 'delay' && event !== 'deadline') unanswered.delete(clientOrderId)
    ports.onChange()
  }

  function take(clientOrderId: string, { execType, reason, cumSize, avgPrice }: Execution): void {
    const words = reason === undefined ? {} : { code: reason.code, text: reason.text }
    move(clientOrderId, EVENT_OF[execType], { cumSize, avgPrice, ...words })
  }

  function lose(asked: Asked, code: string | null, text: string): void {
    const one = list.find(({ clientOrderId }) => clientOrderId === asked.clientOrderId)
    if (one === undefined || !isOpen(one.state)) return
    unanswered.set(asked.clientOrderId, asked)
    move(asked.clientOrderId, 'deadline', { code, text })
    ports.onUnknown()
  }

  return {
    get list() {
      return list
    },
    get unknownFrom() {
      const afters = [...unanswered.values()].map(({ afterSeq }) => afterSeq)
      return afters.length === 0 ? undefined : Math.min(...afters) + 1
    },
    follow(asked, request) {
      const id = asked.clientOrderId
      add(asked)
      ports.later(() => move(id, 'delay'), SLOW_MS)
      ports.later(() => move(id, 'deadline'), DEADLINE_MS)
      request.then(
        answer => {
          if (answer.type === 'execution') take(id, answer)
          else if (answer.type === 'ack') move(id, 'canceled')
          else if (answer.type === 'unknown') lose(asked, answer.code, answer.text)
          else move(id, 'refused', { code: answer.code, text: answer.text })
        },
        error => lose(asked, (error as { code?: string }).code ?? null, textOf(error)),
      )
    },
    refuse(asked, code, text) {
      add(asked)
      move(asked.clientOrderId, 'refused', { code, text })
    },
    execution(execution) {
      take(execution.clientOrderId, execution)
      if (execution.execType !== 'canceled') return
      for (const { clientOrderId, cancels } of [...unanswered.values()]) {
        if (cancels === execution.clientOrderId) take(clientOrderId, execution)
      }
    },
    settle(orders) {
      for (const { clientOrderId, cancels, cancelsAll } of [...unanswered.values()]) {
        if (cancelsAll) {
          if (orders.length === 0) move(clientOrderId, 'canceled')
          else move(clientOrderId, 'absent', { text: 'Orders are still open. Cancel them again.' })
          continue
        }
        const order = orders.find(one => one.clientOrderId === (cancels ?? clientOrderId))
        if (order !== undefined && cancels === undefined) {
          const { cumSize, avgPrice } = order
          move(clientOrderId, cumSize > 0 ? 'partFilled' : 'accepted', { cumSize, avgPrice })
        } else move(clientOrderId, 'absent', { text: sayAbsent(cancels, order) })
      }
    },
    clear() {
      list = []
      unanswered.clear()
      ports.onChange()
    },
  }
}

function sayAbsent(cancels: string | undefined, order: Order | undefined): string {
  if (cancels === undefined) return 'Nothing was ordered or changed. Send it again if it is still wanted.'
  return order === undefined ? 'The order had ended already.' : 'The order is still open. Cancel it again.'
}

export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
