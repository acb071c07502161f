// The alerts of the account as a React hook: none until their code is loaded.

'use client'

import type { AlertsState } from '../orders/alerts/alerts.ts'
import type { LoadedAlerts } from '../orders/alerts/late-alerts.ts'
import { createObservable } from '../reactive/observable.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import { useDashboard } from './dashboard-context.tsx'

const NONE = createObservable<AlertsState>({ phase: 'loading', problem: '', alerts: [], unseen: new Set() })

/** @returns what they are, and what changes them; null until that is loaded. */
export function useAlerts(): readonly [AlertsState, LoadedAlerts | null] {
  const loaded = useObservable(useDashboard().alerts.loaded)
  return [useObservable(loaded?.state ?? NONE), loaded]
}
