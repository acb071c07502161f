// The alerts of one account: the active ones, and the newest of those that have ended. Numbers them, and makes their
// part of the account's row in a checkpoint. Triggers nothing: alert-watch.ts does.

import { ALERT_LIMITS, type AlertState } from '@papertape/protocol'
import type { Alert } from './alert.ts'

/** The last id that was given, the active alerts by id, and the ended ones in the order of their end. */
export type AlertRows = readonly [lastId: number, alerts: readonly AlertState[]]

export class AccountAlerts {
  #lastId = 0
  readonly #active = new Map<string, Alert>()
  readonly #ended: Alert[] = []
  /** The active ones that wait for fills of the account's orders, oldest first. */
  readonly onFills = new Set<Alert>()

  get activeCount(): number {
    return this.#active.size
  }

  nextId(): string {
    return String(++this.#lastId)
  }

  add(alert: Alert): void {
    const { alertId, condition, status } = alert.state
    if (status !== 'active') {
      this.#ended.push(alert)
      return
    }
    this.#active.set(alertId, alert)
    if (condition === 'orderFills') this.onFills.add(alert)
  }

  /** Forgets the oldest end where there are more than are listed. */
  end(alert: Alert, ended: AlertState): void {
    this.remove(alert)
    alert.state = ended
    this.#ended.push(alert)
    if (this.#ended.length > ALERT_LIMITS.endedListed) this.#ended.shift()
  }

  remove(alert: Alert): void {
    this.onFills.delete(alert)
    if (this.#active.delete(alert.state.alertId)) return
    this.#ended.splice(this.#ended.indexOf(alert), 1)
  }

  find(isMeant: (state: AlertState) => boolean): Alert | undefined {
    return this.#all().find(({ state }) => isMeant(state))
  }

  /** Newest first. */
  states(): AlertState[] {
    const states = this.#all().map(({ state }) => state)
    return states.sort((a, b) => Number(b.alertId) - Number(a.alertId))
  }

  /** undefined while the account has never had an alert, as in older journals. */
  rows(): AlertRows | undefined {
    return this.#lastId === 0 ? undefined : [this.#lastId, this.#all().map(({ state }) => state)]
  }

  restoreId(lastId: number): void {
    this.#lastId = lastId
  }

  #all(): Alert[] {
    return [...this.#active.values(), ...this.#ended]
  }
}
