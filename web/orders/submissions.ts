// The requests sent from this page and what became of each: followed from sending to the end, and found again after a
// lost answer. Holds no connection; desk.ts passes in answers, executions and, after a reconnect, the account.

import type { ChangeAnswer, CountAnswer, PlaceAnswer } from '@papertape/client'
import type { Execution, Order } from '@papertape/protocol'
import { isOver, isPending, next, type SubmissionEvent, type SubmissionState } from './submission.ts'

export interface Submission {
  /** The order's own. A cancel has none at the exchange, so the page makes one. */
  readonly clientOrderId: string
  /** Empty for all orders. */
  readonly symbol: string
  /** Such as `Buy 100 PAPR at 12.30`. */
  readonly description: string
  /** A new order of the ticket, one that closes a position, or a change to open ones. */
  readonly kind: 'order' | 'closing' | 'change'
  readonly state: SubmissionState
  /** The exchange's code and text of a reject. */
  readonly code: string | null
  readonly text: string | null
  readonly sentAtMs: number
  /** From sending to the first answer. */
  readonly tookMs: number | null
  readonly cumSize: number
  readonly avgPrice: number | null
}

export interface SubmissionRequest {
  readonly clientOrderId: string
  readonly symbol: string
  readonly description: string
  readonly kind: Submission['kind']
  /** The clientOrderId of the order to cancel. */
  readonly cancels?: string
  readonly cancelsAll?: true
  /** The last private event known when it was sent: its executions come after it. */
  readonly afterSeq: number
}

type SubmissionAnswer = PlaceAnswer | ChangeAnswer | CountAnswer

export interface SubmissionPorts {
  nowMs(): number
  later(run: () => void, delayMs: number): void
  onChange(): void
  /** A request got no answer: ask the account what became of it. */
  onUnknown(): void
}

export interface Submissions {
  /** Newest first. */
  readonly list: readonly Submission[]
  /** The first private event that may belong to an unanswered request; undefined if there is none. */
  readonly unknownFrom: number | undefined
  follow(request: SubmissionRequest, answer: Promise<SubmissionAnswer>): void
  refuse(request: SubmissionRequest, code: string, text: string): void
  execution(execution: Execution): void
  /** The account is up to date, with these orders open: an unanswered request that it does not know never arrived. */
  settle(orders: readonly Order[]): void
  clear(): void
}

const SLOW_MS = 1_000
const DEADLINE_MS = 10_000
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
  // Requests that got no answer, by id.
  const unanswered = new Map<string, SubmissionRequest>()

  function add({ clientOrderId, symbol, description, kind }: SubmissionRequest): void {
    const sent = {
      clientOrderId,
      symbol,
      description,
      kind,
      sentAtMs: ports.nowMs(),
      code: null,
      text: null,
      tookMs: null,
    }
    list = [{ ...sent, state: 'sent' as const, cumSize: 0, avgPrice: null }, ...list].slice(0, KEPT)
    ports.onChange()
  }

  function move(clientOrderId: string, event: SubmissionEvent, change: Partial<Submission> = {}): void {
    list = list.map(one => {
      if (one.clientOrderId !== clientOrderId || isOver(one.state)) return one
      const isAnswer = event !== 'delay' && event !== 'deadline'
      const tookMs = one.tookMs ?? (isAnswer ? ports.nowMs() - one.sentAtMs : null)
      // An answer replaces the text of a time-out.
      const reset = isAnswer ? { code: null, text: null } : {}
      return { ...one, ...reset, ...change, tookMs, state: next(one.state, event) }
    })
    if (event !== 'delay' && event !== 'deadline') unanswered.delete(clientOrderId)
    ports.onChange()
  }

  function take(clientOrderId: string, { execType, reason, cumSize, avgPrice }: Execution): void {
    const why = reason === undefined ? {} : { code: reason.code, text: reason.text }
    move(clientOrderId, EVENT_OF[execType], { cumSize, avgPrice, ...why })
  }

  function lose(request: SubmissionRequest, code: string | null, text: string): void {
    const one = list.find(({ clientOrderId }) => clientOrderId === request.clientOrderId)
    if (one === undefined || !isPending(one.state)) return
    unanswered.set(request.clientOrderId, request)
    move(request.clientOrderId, 'deadline', { code, text })
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
    follow(request, answer) {
      const id = request.clientOrderId
      add(request)
      ports.later(() => move(id, 'delay'), SLOW_MS)
      ports.later(() => move(id, 'deadline'), DEADLINE_MS)
      answer.then(
        message => {
          if (message.type === 'execution') take(id, message)
          else if (message.type === 'ack') move(id, 'canceled')
          else if (message.type === 'unknown') lose(request, message.code, message.text)
          else move(id, 'refused', { code: message.code, text: message.text })
        },
        error => lose(request, (error as { code?: string }).code ?? null, textOf(error)),
      )
    },
    refuse(request, code, text) {
      add(request)
      move(request.clientOrderId, 'refused', { code, text })
    },
    execution(execution) {
      // A stop price that follows the market is no answer; it would be announced each second.
      if (execution.reason?.code === 'stop-trailed') return
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
          else move(clientOrderId, 'absent', { text: 'Some orders are still open. Cancel them again.' })
          continue
        }
        const order = orders.find(one => one.clientOrderId === (cancels ?? clientOrderId))
        if (order !== undefined && cancels === undefined) {
          const { cumSize, avgPrice } = order
          move(clientOrderId, cumSize > 0 ? 'partFilled' : 'accepted', { cumSize, avgPrice })
        } else move(clientOrderId, 'absent', { text: absentText(cancels, order) })
      }
    },
    clear() {
      list = []
      unanswered.clear()
      ports.onChange()
    },
  }
}

function absentText(cancels: string | undefined, order: Order | undefined): string {
  if (cancels === undefined) return 'The exchange has changed nothing. Send it again if you want it.'
  return order === undefined ? 'The order had already ended.' : 'The order is still open. Cancel it again.'
}

export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
