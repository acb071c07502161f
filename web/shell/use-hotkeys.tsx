// Listens for the keys of hotkeys.ts and performs their actions. Some take two presses; those that orders/arming.ts
// refuses while the keys are not armed say so instead. A key that is held down acts once.

'use client'

import { usePathname } from 'next/navigation'
import { useEffect, useRef, useState } from 'react'
import { closePositions, planToClose } from '../account/close-positions.ts'
import type { Dashboard } from '../dashboard/dashboard.ts'
import { DEFAULT_SETTINGS } from '../dashboard/settings.ts'
import { keyRefusal } from '../orders/arming.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import { sendByKey } from '../ticket/send-by-key.ts'
import { focusField, priceField } from '../ticket/ticket-fields.ts'
import { actionOf, actOf, CONFIRMED_BY_SECOND_PRESS, type HotkeyAction, type KeyPress, shownMs } from './hotkeys.ts'
import { focusPanel } from './panel-focus.ts'

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  const types = ['checkbox', 'radio', 'range']
  if (target instanceof HTMLInputElement) return !types.includes(target.type)
  return target.isContentEditable || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement
}

/** What a key says for a while: why it did nothing, or what a second press does. */
interface KeyNote {
  readonly text: string
  /** The action that waits for a second press. */
  readonly asks?: HotkeyAction
}

/** @returns what the last key has to say. */
export function useHotkeys(dashboard: Dashboard, onHelp: () => void): string | undefined {
  const { singleKeys } = useObservable(dashboard.settings.state, DEFAULT_SETTINGS)
  const isTrading = usePathname() === '/'
  const [note, setNote] = useState<KeyNote>()
  const noteNow = useRef<KeyNote>(undefined)

  useEffect(() => {
    noteNow.current = note
    if (note === undefined) return
    const timer = setTimeout(() => setNote(undefined), shownMs(note.text))
    return () => clearTimeout(timer)
  }, [note])

  useEffect(() => {
    const actions = actionsOf(dashboard, onHelp, text => setNote({ text }))
    const press = (event: KeyboardEvent) => {
      // A modal dialog handles its own keys.
      if (event.repeat || event.defaultPrevented || document.querySelector('dialog:modal') !== null) return
      const action = actionOf(pressOf(event, isTrading), singleKeys)
      if (action === undefined) return
      if (action !== 'escape') event.preventDefault()
      const refusal = refusalOf(action, dashboard)
      const question = noteNow.current?.asks === action ? undefined : questionOf(action, dashboard)
      if (refusal !== undefined) setNote({ text: refusal })
      else if (question !== undefined) setNote({ text: question, asks: action })
      else {
        setNote(undefined)
        actions[action]()
      }
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [dashboard, singleKeys, isTrading, onHelp])

  return note?.text
}

/** Why the key may not act while it is not armed. The one that sends then goes to the button instead. */
function refusalOf(action: HotkeyAction, { settings }: Dashboard): string | undefined {
  const act = action === 'send' ? undefined : actOf(action)
  return act && keyRefusal(act, settings.state.get().keysSend)
}

/** What a second press would do; undefined if none is needed: to disarm, or for what can do nothing. */
function questionOf(action: HotkeyAction, dashboard: Dashboard): string | undefined {
  const question = CONFIRMED_BY_SECOND_PRESS[action]
  if (action === 'arm' && dashboard.settings.state.get().keysSend) return undefined
  if (action !== 'closeAll') return question
  const { canSend, text } = planToClose(dashboard)
  return canSend ? `${text} ${question}` : undefined
}

function pressOf(event: KeyboardEvent, isTrading: boolean): KeyPress {
  const { key, ctrlKey, metaKey, altKey, shiftKey, target } = event
  const isOnElement = target !== document.body && (target as Element).id !== 'screen'
  return { key, ctrlKey, metaKey, altKey, shiftKey, typing: isTyping(target), isOnElement, isTrading }
}

function actionsOf(
  dashboard: Dashboard,
  onHelp: () => void,
  show: (text: string) => void,
): Readonly<Record<HotkeyAction, () => void>> {
  const { store, settings, ticket, desk, selection, watchlist, frozen, setFrozen, announcements } = dashboard
  const say = (text: string) => announcements.announce(text, 'keys')
  const select = (by: 1 | -1) => {
    const symbol = watchlist.neighbour(selection.state.get().symbol, by)
    if (symbol !== undefined) selection.select({ symbol })
    say(`${selection.state.get().symbol} selected.`)
  }
  const close = (symbol?: string) => {
    const plan = planToClose(dashboard, symbol)
    show(plan.canSend ? `Sent: ${plan.text}` : plan.text)
    closePositions(dashboard, plan)
  }
  return {
    buy: () => ticket.change({ side: 'buy' }),
    sell: () => ticket.change({ side: 'sell' }),
    limit: () => ticket.change({ orderType: 'limit' }),
    market: () => ticket.change({ orderType: 'market' }),
    stop: () => ticket.change({ orderType: 'stop' }),
    stopLimit: () => ticket.change({ orderType: 'stopLimit' }),
    size: () => focusField('size'),
    price: () => focusField(priceField(ticket.state.get())),
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
    closePosition: () => close(selection.state.get().symbol),
    closeAll: () => close(),
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
