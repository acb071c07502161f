// Listens for the keys of hotkeys.ts and performs their actions. Some take two presses; those that orders/arming.ts
// refuses while the keys are not armed say so instead. A key that is held down acts once.

'use client'

import { usePathname } from 'next/navigation'
import { useEffect, useRef, useState } from 'react'
import type { Dashboard } from '../dashboard/dashboard.ts'
import { DEFAULT_SETTINGS } from '../dashboard/settings.ts'
import { keyRefusal } from '../orders/arming.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import { sendByKey } from '../ticket/send-by-key.ts'
import { focusField } from '../ticket/ticket-fields.ts'
import {
  actionOf,
  actOf,
  CONFIRM_WITHIN_MS,
  CONFIRMED_BY_SECOND_PRESS,
  type ConfirmedAction,
  type HotkeyAction,
  type KeyPress,
} from './hotkeys.ts'
import { focusPanel } from './panel-focus.ts'

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  const types = ['checkbox', 'radio', 'range']
  if (target instanceof HTMLInputElement) return !types.includes(target.type)
  return target.isContentEditable || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement
}

/** @returns the action that has been asked for once and waits for a second press. */
export function useHotkeys(dashboard: Dashboard, onHelp: () => void): ConfirmedAction | undefined {
  const { singleKeys } = useObservable(dashboard.settings.state, DEFAULT_SETTINGS)
  const isTrading = usePathname() === '/'
  const [asked, setAsked] = useState<ConfirmedAction>()
  const askedNow = useRef<ConfirmedAction>(undefined)

  useEffect(() => {
    askedNow.current = asked
    if (asked === undefined) return
    const timer = setTimeout(() => setAsked(undefined), CONFIRM_WITHIN_MS)
    return () => clearTimeout(timer)
  }, [asked])

  useEffect(() => {
    const actions = actionsOf(dashboard, onHelp)
    const press = (event: KeyboardEvent) => {
      // A modal dialog handles its own keys.
      if (event.repeat || event.defaultPrevented || document.querySelector('dialog:modal') !== null) return
      const action = actionOf(pressOf(event, isTrading), singleKeys)
      if (action === undefined) return
      if (action !== 'escape') event.preventDefault()
      const refusal = refusalOf(action, dashboard)
      if (refusal !== undefined) {
        dashboard.announcements.announce(refusal, 'keys')
        return
      }
      const isConfirmed = askedNow.current === action
      const isAsked = action in CONFIRMED_BY_SECOND_PRESS && !isConfirmed && !isDisarming(action, dashboard)
      setAsked(isAsked ? (action as ConfirmedAction) : undefined)
      if (!isAsked) actions[action]()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [dashboard, singleKeys, isTrading, onHelp])

  return asked
}

/** Why the key may not act while it is not armed. The one that sends then goes to the button instead. */
function refusalOf(action: HotkeyAction, { settings }: Dashboard): string | undefined {
  const act = action === 'send' ? undefined : actOf(action)
  return act && keyRefusal(act, settings.state.get().keysSend)
}

/** Disarming needs no second press. */
function isDisarming(action: HotkeyAction, { settings }: Dashboard): boolean {
  return action === 'arm' && settings.state.get().keysSend
}

function pressOf(event: KeyboardEvent, isTrading: boolean): KeyPress {
  const { key, ctrlKey, metaKey, altKey, shiftKey, target } = event
  const isOnElement = target !== document.body && (target as Element).id !== 'screen'
  return { key, ctrlKey, metaKey, altKey, shiftKey, typing: isTyping(target), isOnElement, isTrading }
}

function actionsOf(dashboard: Dashboard, onHelp: () => void): Readonly<Record<HotkeyAction, () => void>> {
  const { store, settings, ticket, desk, selection, watchlist, frozen, setFrozen, announcements } = dashboard
  const say = (text: string) => announcements.announce(text, 'keys')
  const select = (by: 1 | -1) => {
    const symbol = watchlist.neighbour(selection.state.get().symbol, by)
    if (symbol !== undefined) selection.select({ symbol })
    say(`${selection.state.get().symbol} selected.`)
  }
  return {
    buy: () => ticket.change({ side: 'buy' }),
    sell: () => ticket.change({ side: 'sell' }),
    limit: () => ticket.change({ orderType: 'limit' }),
    market: () => ticket.change({ orderType: 'market' }),
    stop: () => ticket.change({ orderType: 'stop' }),
    stopLimit: () => ticket.change({ orderType: 'stopLimit' }),
    size: () => focusField('size'),
    price: () => focusField(ticket.state.get().orderType === 'stop' ? 'stopPrice' : 'price'),
    repeat() {
      const last = ticket.lastSent
      // Another market may not have its instrument.
      if (last === undefined || store.instrument(last.symbol) === undefined) return say('There is no order to repeat.')
      selection.select({ symbol: last.symbol })
      ticket.change(last.draft)
      say('The last order is filled in again.')
    },
    arm: () => settings.change({ keysSend: !settings.state.get().keysSend }),
    send: () => sendByKey(dashboard),
    cancelNewest() {
      const [newest] = desk.state.get().orders
      if (newest === undefined) say('You have no open orders.')
      else desk.cancel(newest)
    },
    cancelAll: () => desk.cancelAll(),
    nextInstrument: () => select(1),
    previousInstrument: () => select(-1),
    nextPanel: () => focusPanel(1),
    previousPanel: () => focusPanel(-1),
    filter: () => document.getElementById('filter')?.focus(),
    freeze: () => setFrozen(frozen.get() === null),
    help: onHelp,
    escape() {
      if (isTyping(document.activeElement)) (document.activeElement as HTMLElement).blur()
    },
  }
}
