// Toasts over the page: fills, orders sent elsewhere that were rejected or have expired, alerts that have triggered.
// Not a live region: shell/Announcer.tsx announces the same reports. Drawn by shell/Shell.tsx.

'use client'

import { useCallback, useEffect, useRef, useState } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { DEFAULT_SETTINGS } from '../dashboard/settings.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import css from './Toasts.module.css'
import { type Toast, withAlert, withReport } from './toasts.ts'

const SHOWN_MS = 5_000

export function Toasts() {
  const { desk, store, settings, alerts } = useDashboard()
  const { toasts: isOn } = useObservable(settings.state, DEFAULT_SETTINGS)
  const [toasts, setToasts] = useState<readonly Toast[]>([])
  // The pointer or the focus is on a toast: none goes.
  const [isHeld, setHeld] = useState(false)
  useEffect(() => {
    if (!isOn) return
    const stopReports = desk.onReport(report => {
      const decimals = store.instrument(report.symbol)?.priceDecimals ?? 2
      setToasts(before => withReport(before, report, decimals))
    })
    const stopAlerts = alerts.onTriggered((alert, text) => setToasts(before => withAlert(before, alert, text)))
    return () => {
      stopReports()
      stopAlerts()
      setToasts([])
    }
  }, [isOn, desk, store, alerts])
  const dismiss = useCallback((id: string) => {
    setToasts(before => before.filter(one => one.id !== id))
  }, [])
  const region = useRef<HTMLElement>(null)
  // A toast that goes under the pointer, or with the focus, reports no leaving.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs after each change of the toasts
  useEffect(() => setHeld(region.current?.matches(':hover, :focus-within') ?? false), [toasts])
  if (toasts.length === 0) return null
  return (
    <section
      ref={region}
      className={css.toasts}
      aria-label="Reports of orders and alerts"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      data-testid="toasts"
    >
      {toasts.map(toast => (
        <ToastRow key={toast.id} toast={toast} isHeld={isHeld} onDismiss={dismiss} />
      ))}
    </section>
  )
}

interface ToastRowProps {
  readonly toast: Toast
  readonly isHeld: boolean
  readonly onDismiss: (id: string) => void
}

function ToastRow({ toast, isHeld, onDismiss }: ToastRowProps) {
  const { id, seq, kind, text } = toast
  // biome-ignore lint/correctness/useExhaustiveDependencies: another report restarts the time
  useEffect(() => {
    if (isHeld) return
    const timer = setTimeout(() => onDismiss(id), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [isHeld, seq, id, onDismiss])
  return (
    <div className={css.toast} data-kind={kind}>
      <p>{text}</p>
      <button type="button" onClick={() => onDismiss(id)}>
        <span aria-hidden="true">✕</span>
        <span className="visually-hidden">Dismiss</span>
      </button>
    </div>
  )
}
