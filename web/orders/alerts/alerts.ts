// The alerts of the account as the page knows them: requested once, kept up to date by the private stream, and which of
// those that have triggered were not seen yet. No markup. Loaded by late-alerts.ts when there is a use for it.

import type { AlertAnswer, AlertState, AlertUpdate, NewAlert } from '@papertape/protocol'
import { createObservable, type Observable, type SettableObservable } from '../../reactive/observable.ts'
import { refusalDetail } from '../accounts/refusal-detail.ts'
import { textOf } from '../submissions.ts'
import { triggeredText } from './alert-texts.ts'
import { type SeenAlerts, withSeen } from './seen-alerts.ts'

export interface AlertRequests {
  list(): Promise<readonly AlertState[]>
  create(alert: NewAlert): Promise<AlertAnswer>
  remove(alertId: string): Promise<void>
}

export interface AlertsState {
  readonly phase: 'loading' | 'ready' | 'failed'
  /** Why they could not be requested. */
  readonly problem: string
  /** Newest first. */
  readonly alerts: readonly AlertState[]
  /** The ids of those that have triggered and were not seen. */
  readonly unseen: ReadonlySet<string>
}

export interface Alerts {
  readonly state: Observable<AlertsState>
  /** @returns why it was refused; undefined: it is set. */
  create(alert: Omit<NewAlert, 'clientAlertId'>): Promise<string | undefined>
  /** @returns why it could not be removed. */
  remove(alertId: string): Promise<string | undefined>
  refresh(): void
  /** Somebody has looked at the list. */
  markSeen(): void
  /** An event of the private stream, which may come again. */
  receive(alert: AlertUpdate): void
  /** Of another account the alerts are others; of the same one some may have been missed. */
  follow(accountId: string): void
}

export interface AlertsDeps {
  readonly requests: AlertRequests
  readonly seen: SettableObservable<SeenAlerts>
  readonly newId: () => string
  readonly decimalsOf: (symbol: string) => number
  /** Called once for each alert that triggers while the page is open. */
  readonly report: (alert: AlertUpdate, text: string) => void
}

const NONE: AlertsState = { phase: 'loading', problem: '', alerts: [], unseen: new Set() }

export function createAlerts(deps: AlertsDeps): Alerts {
  const { requests, seen, newId, decimalsOf, report } = deps
  const state = createObservable(NONE)
  let accountId = ''
  /** Counts what the page has learned by itself: an answer from before it is old. */
  let version = 0
  const reported = new Set<string>()
  /** A request without an answer, sent again under its id: the alert may be there. */
  let unanswered: { readonly terms: string; readonly clientAlertId: string } | undefined

  function set(change: Partial<AlertsState>): void {
    const next = { ...state.get(), ...change }
    // From now on they are requested when the page starts.
    if (next.alerts.length > 0 && seen.get()[accountId] === undefined) keepSeen(0)
    const seenMs = seen.get()[accountId] ?? 0
    const isUnseen = ({ status, endedAt = 0 }: AlertState) => status === 'triggered' && endedAt > seenMs
    state.set({ ...next, unseen: new Set(next.alerts.filter(isUnseen).map(({ alertId }) => alertId)) })
  }

  function change(alerts: readonly AlertState[]): void {
    version++
    set({ alerts })
  }

  async function load(): Promise<void> {
    const asked = accountId
    const before = version
    try {
      const alerts = await requests.list()
      if (asked !== accountId) return
      if (before === version) set({ phase: 'ready', problem: '', alerts })
      else await load()
    } catch (error) {
      if (asked === accountId) set({ phase: 'failed', problem: textOf(error) })
    }
  }

  const without = (id: string) => state.get().alerts.filter(({ alertId }) => alertId !== id)
  const keepSeen = (seenMs: number) => seen.set(withSeen(seen.get(), accountId, seenMs))

  return {
    state,
    async create(asked) {
      const terms = JSON.stringify(asked)
      const clientAlertId = unanswered?.terms === terms ? unanswered.clientAlertId : newId()
      unanswered = { terms, clientAlertId }
      const owner = accountId
      try {
        const { duplicate: _, ...alert } = await requests.create({ ...asked, clientAlertId })
        unanswered = undefined
        if (owner !== accountId) return undefined
        // It may have triggered before its answer came.
        if (!state.get().alerts.some(({ alertId }) => alertId === alert.alertId)) {
          change([alert, ...state.get().alerts])
        }
        return undefined
      } catch (error) {
        // Refused by the exchange: it is not there.
        if ((error as { readonly status?: number }).status !== 0) unanswered = undefined
        return refusalDetail(error)
      }
    },
    async remove(alertId) {
      try {
        await requests.remove(alertId)
      } catch (error) {
        // Gone already, by another page.
        if ((error as { readonly status?: number }).status !== 404) return refusalDetail(error)
      }
      change(without(alertId))
      return undefined
    },
    refresh: () => void load(),
    markSeen() {
      const endsMs = state.get().alerts.map(({ endedAt = 0 }) => endedAt)
      const seenMs = Math.max(seen.get()[accountId] ?? 0, ...endsMs)
      if (seenMs === seen.get()[accountId]) return
      keepSeen(seenMs)
      set({})
    },
    receive(update) {
      const { type: _, seq: __, ts: ___, ...alert } = update
      change([alert, ...without(alert.alertId)].sort((a, b) => Number(b.alertId) - Number(a.alertId)))
      if (reported.has(alert.alertId)) return
      reported.add(alert.alertId)
      report(update, triggeredText(alert, decimalsOf))
    },
    follow(next) {
      if (next !== accountId) {
        accountId = next
        version++
        reported.clear()
        unanswered = undefined
        set(NONE)
      }
      void load()
    },
  }
}
