// The switch of the browser's notifications for alerts. The browser is asked on a press only; what it has refused is
// said in words, since only its own settings change that.

'use client'

import type { BrowserNotifications } from '../../orders/alerts/browser-notifications.ts'
import { useObservable } from '../../reactive/use-observable.tsx'
import lists from '../../ui/lists.module.css'
import css from './alerts.module.css'

export function NotifySwitch({ notifications }: { readonly notifications: BrowserNotifications }) {
  const state = useObservable(notifications.state)
  if (state === 'unsupported') return <p className={css.note}>This browser has no notifications for pages.</p>
  return (
    <div className={css.notify}>
      <button
        type="button"
        className={lists.act}
        role="switch"
        aria-checked={state === 'on'}
        disabled={state === 'blocked'}
        onClick={() => (state === 'on' ? notifications.turnOff() : void notifications.turnOn())}
        data-testid="alert-notify"
      >
        Browser notifications {state === 'on' ? 'on' : 'off'}
      </button>
      {state === 'blocked' && (
        <p className={css.note} role="status">
          Blocked: allow notifications for this page in the browser’s settings.
        </p>
      )}
    </div>
  )
}
