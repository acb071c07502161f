// What one panel's connection is doing now: the figures beside the tree.

'use client'

import { useEffect, useState } from 'react'
import { saySharing, sayState } from '../connections/connection.ts'
import { PANELS, type PanelName, TRANSPORT_LABELS } from '../connections/panels.ts'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { formatAge, formatBytes, formatSize, NOTHING } from '../format/format.ts'
import { useCell } from '../reactive/use-observable.tsx'
import { useNow } from '../shell/Status.tsx'
import css from './transports.module.css'

/** What the browser and the server agreed on, as the browser tells it: `http/1.1`, `h2`, `h3`. */
function useHttpVersion(): string {
  const [version, setVersion] = useState('')
  useEffect(() => {
    const entries = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
    setVersion(entries[0]?.nextHopProtocol ?? '')
  }, [])
  return version
}

export function PanelFacts({ panel }: { readonly panel: PanelName }) {
  const { lines } = useDashboard()
  const { line } = PANELS[panel]
  const facts = useCell(lines[line].cell)
  const now = useNow()
  const version = useHttpVersion()
  const over = facts.transport === 'websocket' ? 'its own frames' : version || NOTHING
  const rows = [
    ['Runs over', `${TRANSPORT_LABELS[facts.transport].long}, ${over}`],
    ['State', sayState(facts)],
    ['Connection', saySharing(facts)],
    [line === 'requests' ? 'Answers' : 'Events received', formatSize(facts.events)],
    ['Bytes received', facts.bytes === 0 ? NOTHING : formatBytes(facts.bytes)],
    ['Last event', facts.lastAtMs === null ? NOTHING : `${formatAge(Math.max(0, now - facts.lastAtMs))} ago`],
    ['Position', facts.position ?? NOTHING],
    ['Opened again', `${facts.retries} times`],
    ['Round trip', facts.roundTripMs === null ? NOTHING : `${facts.roundTripMs.toFixed(1)} ms`],
    ['Note', facts.note ?? NOTHING],
  ] as const
  return (
    <dl className={css.facts} data-testid="panel-facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
