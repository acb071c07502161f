// Notifications of the browser for alerts, on request: asks for the permission on a press only, and says what has
// become of it. The permission is the browser's and holds for all pages of this origin; whether it is used is the
// preference that is handed in.

import { createObservable, type Observable, type SettableObservable } from '../../reactive/observable.ts'

/** `blocked`: the person or the browser has refused, and only the browser's settings change that. */
export type NotificationState = 'unsupported' | 'off' | 'on' | 'blocked'

export interface BrowserNotifications {
  readonly state: Observable<NotificationState>
  /** On a press: the browser may ask. */
  turnOn(): Promise<void>
  turnOff(): void
  /** Nothing while they are off. @param tag one notification is shown under it, however many tabs send it. */
  show(text: string, tag: string): void
}

export function createBrowserNotifications(isWanted: SettableObservable<boolean>): BrowserNotifications {
  /** Phones have the interface, and refuse to construct one. */
  let isRefused = typeof Notification === 'undefined'
  const read = (): NotificationState => {
    if (isRefused) return 'unsupported'
    if (Notification.permission === 'denied') return 'blocked'
    return isWanted.get() && Notification.permission === 'granted' ? 'on' : 'off'
  }
  const state = createObservable(read())
  const update = () => state.set(read())
  isWanted.subscribe(update)
  // Old browsers cannot report a change of the permission.
  navigator.permissions?.query({ name: 'notifications' }).then(
    status => status.addEventListener('change', update),
    () => {},
  )
  return {
    state,
    async turnOn() {
      isWanted.set(true)
      await Notification.requestPermission()
      update()
    },
    turnOff: () => isWanted.set(false),
    show(text, tag) {
      if (state.get() !== 'on') return
      try {
        const shown = new Notification('Papertape', { body: text, tag })
        shown.onclick = () => {
          window.focus()
          shown.close()
        }
      } catch {
        isRefused = true
        update()
      }
    },
  }
}
