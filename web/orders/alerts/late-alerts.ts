// Alerts in the part of the page that is loaded first: decides when their code is loaded, and passes on what the
// private stream sends. They are loaded when this browser has had alerts of the account before, when one triggers, or
// when somebody looks for them.

import type { AlertUpdate } from '@papertape/protocol'
import { createObservable, type Observable, type SettableObservable } from '../../reactive/observable.ts'
import type { Desk } from '../desk/desk.ts'
import type { AlertRequests, Alerts } from './alerts.ts'
import type { BrowserNotifications } from './browser-notifications.ts'
import type { SeenAlerts } from './seen-alerts.ts'

export interface LoadedAlerts extends Alerts {
  readonly notifications: BrowserNotifications
}

type Listener = (alert: AlertUpdate, text: string) => void

export interface LateAlerts {
  /** null until they are loaded. */
  readonly loaded: Observable<LoadedAlerts | null>
  /** null when the code cannot be loaded, which the page has said by then. */
  load(): Promise<LoadedAlerts | null>
  /** Calls back, once, at each alert that triggers, with its text. */
  onTriggered(listener: Listener): () => void
  start(): () => void
}

export interface LateAlertsDeps {
  readonly desk: Pick<Desk, 'onNotice'>
  readonly requests: AlertRequests
  readonly seen: SettableObservable<SeenAlerts>
  readonly notifies: SettableObservable<boolean>
  readonly newId: () => string
  readonly decimalsOf: (symbol: string) => number
  readonly onVisible: (run: () => void) => () => void
  /** The code could not be loaded. */
  readonly onMissing: () => void
}

export function createLateAlerts({ desk, notifies, onVisible, onMissing, ...deps }: LateAlertsDeps): LateAlerts {
  const loaded = createObservable<LoadedAlerts | null>(null)
  const listeners = new Set<Listener>()
  let loading: Promise<LoadedAlerts | null> | undefined
  /** Of the last snapshot; empty before it. */
  let accountId = ''

  async function open(): Promise<LoadedAlerts | null> {
    try {
      const [{ createAlerts }, { createBrowserNotifications }] = await Promise.all([
        import('./alerts.ts'),
        import('./browser-notifications.ts'),
      ])
      const notifications = createBrowserNotifications(notifies)
      const report: Listener = (alert, text) => {
        notifications.show(text, `papertape alert ${accountId} ${alert.alertId}`)
        for (const listener of listeners) listener(alert, text)
      }
      const alerts = createAlerts({ ...deps, report })
      loaded.set({ ...alerts, notifications })
      if (accountId !== '') alerts.follow(accountId)
    } catch {
      loading = undefined
      onMissing()
    }
    return loaded.get()
  }

  function load(): Promise<LoadedAlerts | null> {
    loading ??= open()
    return loading
  }

  return {
    loaded,
    load,
    onTriggered(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    start() {
      const stops = [
        desk.onNotice(message => {
          if (message.type === 'alert') {
            void load().then(alerts => alerts?.receive(message))
            return
          }
          accountId = message.accountId
          const alerts = loaded.get()
          if (alerts !== null) alerts.follow(accountId)
          else if (accountId in deps.seen.get()) void load()
        }),
        // Another page may have changed them.
        onVisible(() => loaded.get()?.refresh()),
      ]
      return () => {
        for (const stop of stops) stop()
      }
    },
  }
}
