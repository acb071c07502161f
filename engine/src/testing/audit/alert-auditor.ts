// Checks the alerts of all accounts after every command: each that the public trades, the phases and the executions of
// the command have reached was sent once, with what has triggered it, and no other. Computes this by searching through
// all alerts. For the property tests and the soak of the exchange.

import assert from 'node:assert/strict'
import {
  ALERT_LIMITS,
  type AlertState,
  type AlertUpdate,
  type Command,
  type CommandAnswer,
  type FeedEvent,
  type InstrumentSpec,
  isOpen,
  type Phase,
  UNITS_PER_CURRENCY,
} from '@papertape/protocol'
import type { Exchange } from '../../exchange.ts'
import type { PrivateEnvelope } from '../../market-data/private-log.ts'
import { isMatching } from '../../model/phase.ts'

interface WaitingAlert {
  readonly accountId: string
  readonly alert: AlertState
}

const isHalt = (phase: Phase) => phase === 'halted' || phase === 'paused'

export class AlertAuditor {
  readonly #exchange: Exchange
  readonly #specs: readonly InstrumentSpec[]
  readonly #phases: Map<string, Phase>
  #waiting: WaitingAlert[] = []

  constructor(exchange: Exchange, specs: readonly InstrumentSpec[]) {
    this.#exchange = exchange
    this.#specs = specs
    this.#phases = new Map(specs.map(({ symbol }) => [symbol, 'continuous']))
  }

  audit(
    command: Command,
    answer: CommandAnswer,
    events: readonly FeedEvent[],
    envelopes: readonly PrivateEnvelope[],
  ): void {
    const expected = new Set<WaitingAlert>()
    for (const event of events) this.#readPublic(event, expected)
    for (const { accountId, event } of envelopes) {
      if (event.type !== 'execution') continue
      for (const waiting of this.#waiting) {
        const { alert } = waiting
        if (waiting.accountId !== accountId || alert.condition !== 'orderFills') continue
        if ((alert.orderId ?? event.orderId) !== event.orderId) continue
        if (event.lastSize > 0) expected.add(waiting)
        else if (!isOpen(event.orderStatus) && alert.orderId !== undefined && !expected.has(waiting)) {
          this.#waiting = this.#waiting.filter(one => one !== waiting)
        }
      }
    }
    const sent = envelopes.flatMap(({ accountId, event }) => (event.type === 'alert' ? [{ accountId, event }] : []))
    assert.deepEqual(keysOf(sent.map(({ accountId, event }) => ({ accountId, alert: event }))), keysOf([...expected]))
    for (const { accountId, event } of sent) this.#checkSent(accountId, event)
    this.#waiting = this.#waiting.filter(waiting => !expected.has(waiting))
    this.#readAnswer(command, answer)
    this.#compareActive()
  }

  #readPublic({ event, data }: FeedEvent, expected: Set<WaitingAlert>): void {
    if (event === 'trade') {
      for (const waiting of this.#waiting) if (this.#isReached(waiting.alert, data)) expected.add(waiting)
    } else if (event === 'status') {
      for (const [symbol, from] of this.#phases) {
        if (data.symbol !== null && data.symbol !== symbol) continue
        this.#phases.set(symbol, data.phase)
        const halts = isHalt(data.phase) && !isHalt(from)
        const resumes = isMatching(data.phase) && !isMatching(from)
        for (const waiting of this.#waiting) {
          const { condition, symbol: of } = waiting.alert
          if (of === symbol && ((halts && condition === 'halts') || (resumes && condition === 'resumes'))) {
            expected.add(waiting)
          }
        }
      }
    }
  }

  #isReached(alert: AlertState, trade: { readonly symbol: string; readonly price: number }): boolean {
    if (alert.symbol !== trade.symbol) return false
    const { price, direction, percent, referencePrice } = alert
    if (price !== undefined) return direction === 'up' ? trade.price >= price : trade.price <= price
    if (percent === undefined) return false
    const { tickUnits } = this.#specs.find(({ symbol }) => symbol === alert.symbol)!
    const ticks = (trade.price * UNITS_PER_CURRENCY) / tickUnits
    const referenceTicks = Math.round((referencePrice! * UNITS_PER_CURRENCY) / tickUnits)
    return Math.abs(ticks - referenceTicks) >= (referenceTicks * Math.round(percent * 100)) / 10_000 - 1e-9
  }

  #checkSent(accountId: string, { type: _, seq, ts, ...state }: AlertUpdate): void {
    assert.ok(seq > 0)
    assert.equal(state.status, 'triggered')
    assert.equal(state.endedAt, Math.floor(ts / 1_000))
    assert.notEqual(state.trigger, undefined)
    const listed = this.#exchange.alerts(accountId).find(({ alertId }) => alertId === state.alertId)
    if (listed !== undefined) assert.deepEqual(listed, state)
  }

  #readAnswer(command: Command, answer: CommandAnswer): void {
    if (answer.type !== 'account.alert' || answer.alert === null || answer.duplicate === true) return
    const { accountId } = command as { accountId: string }
    const { alert } = answer
    if (command.type === 'alert.create') this.#waiting.push({ accountId, alert })
    else this.#waiting = this.#waiting.filter(one => one.accountId !== accountId || one.alert.alertId !== alert.alertId)
  }

  #compareActive(): void {
    for (const accountId of new Set(this.#waiting.map(one => one.accountId))) {
      const alerts = this.#exchange.alerts(accountId)
      const active = alerts.filter(({ status }) => status === 'active').map(alert => ({ accountId, alert }))
      assert.deepEqual(keysOf(active), keysOf(this.#waiting.filter(one => one.accountId === accountId)))
      assert.ok(active.length <= ALERT_LIMITS.activeMax && alerts.length - active.length <= ALERT_LIMITS.endedListed)
    }
  }
}

function keysOf(all: readonly { readonly accountId: string; readonly alert: Pick<AlertState, 'alertId'> }[]): string[] {
  return all.map(({ accountId, alert }) => `${accountId} ${alert.alertId}`).sort()
}
