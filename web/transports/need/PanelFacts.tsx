// What the connection of one panel is doing now.

'use client'

import { useEffect, useState } from 'react'
import { sharingText, stateText } from '../../connections/connection-texts.ts'
import { PANELS, type PanelName, TRANSPORT_LABELS } from '../../connections/panels.ts'
import { useDashboard } from '../../dashboard/dashboard-context.tsx'
import { formatAge, formatBytes, formatSize, NOTHING } from '../../format/format.ts'
import { useObservable } from '../../reactive/use-observable.tsx'
import { useNow } from '../../ui/use-now.tsx'
import css from './panel-facts.module.css'

/** The HTTP version of the page, as the browser reports it: `http/1.1`, `h2`, `h3`. */
function useHttpVersion(): string {
  const [version, setVersion] = useState('')
  useEffect(() => {
    const entries = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
    setVersion(entries[0]?.nextHopProtocol ?? '')
  }, [])
  return version
}

export function PanelFacts({ panel }: { readonly panel: PanelName }) {
  const { connections } = useDashboard()
  const { connection } = PANELS[panel]
  const facts = useObservable(connections[connection].facts)
  const now = useNow()
  const version = useHttpVersion()
  const protocol = facts.transport === 'websocket' ? 'RFC 6455 frames' : version || NOTHING
  const rows = [
    ['Transport', `${TRANSPORT_LABELS[facts.transport].long}, ${protocol}`],
    ['State', stateText(facts)],
    ['Connection', sharingText(facts)],
    [connection === 'requests' ? 'Responses received' : 'Events received', formatSize(facts.events)],
    ['Bytes received', facts.bytes === 0 ? NOTHING : formatBytes(facts.bytes)],
    ['Last event', facts.lastAtMs === null ? NOTHING : `${formatAge(Math.max(0, now - facts.lastAtMs))} ago`],
    ['Sequence', facts.position ?? NOTHING],
    ['Reconnects', String(facts.retries)],
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
