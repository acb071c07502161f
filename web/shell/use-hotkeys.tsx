// Listens for the keys of hotkeys.ts and performs their actions. Cancelling all orders takes two presses.

'use client'

import { useEffect, useRef, useState } from 'react'
import type { Dashboard } from '../dashboard/dashboard.ts'
import { DEFAULT_SETTINGS } from '../dashboard/settings.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import { ARMED_MS, actionOf, type HotkeyAction } from './hotkeys.ts'

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  const types = ['checkbox', 'radio', 'range']
  if (target instanceof HTMLInputElement) return !types.includes(target.type)
  return target.isContentEditable || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement
}

/** @returns whether the key that cancels all orders has been pressed once. */
export function useHotkeys(dashboard: Dashboard, onHelp: () => void): boolean {
  const { settings, ticket, desk, frozen, setFrozen } = dashboard
  const { singleKeys } = useObservable(settings.state, DEFAULT_SETTINGS)
  const [armed, setArmed] = useState(false)
  const armedNow = useRef(false)

  useEffect(() => {
    armedNow.current = armed
    if (!armed) return
    const timer = setTimeout(() => setArmed(false), ARMED_MS)
    return () => clearTimeout(timer)
  }, [armed])

  useEffect(() => {
    const actions: Readonly<Record<HotkeyAction, () => void>> = {
      buy: () => ticket.change({ side: 'buy' }),
      sell: () => ticket.change({ side: 'sell' }),
      limit: () => ticket.change({ orderType: 'limit' }),
      market: () => ticket.change({ orderType: 'market' }),
      cancelAll() {
        if (armedNow.current) desk.cancelAll()
        setArmed(!armedNow.current)
      },
      filter: () => document.getElementById('filter')?.focus(),
      freeze: () => setFrozen(frozen.get() === null),
      help: onHelp,
      escape() {
        setArmed(false)
        if (isTyping(document.activeElement)) (document.activeElement as HTMLElement).blur()
      },
    }
    const press = (event: KeyboardEvent) => {
      // A modal dialog handles its own keys.
      if (event.repeat || document.querySelector('dialog:modal') !== null) return
      const { key, ctrlKey, metaKey, altKey } = event
      const action = actionOf({ key, ctrlKey, metaKey, altKey, typing: isTyping(event.target) }, singleKeys)
      if (action === undefined) return
      if (action !== 'escape') event.preventDefault()
      actions[action]()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [ticket, desk, frozen, setFrozen, singleKeys, onHelp])

  return armed
}
