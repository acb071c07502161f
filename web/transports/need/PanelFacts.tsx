// What the connection of one panel is doing now.

'use client'

import { sharingText, stateText } from '../../connections/connection-texts.ts'
import { PANELS, type PanelName, TRANSPORT_LABELS } from '../../connections/panels.ts'
import { useDashboard } from '../../dashboard/dashboard-context.tsx'
import { formatAge, formatBytes, formatSize, NOTHING } from '../../format/format.ts'
import { useObservable } from '../../reactive/use-observable.tsx'
import { useNow } from '../../ui/use-now.tsx'
import { runsOver, whyTcp } from '../exhibit/runs-over.ts'
import { useProtocol } from '../exhibit/use-protocol.tsx'
import css from './panel-facts.module.css'

export function PanelFacts({ panel }: { readonly panel: PanelName }) {
  const { connections } = useDashboard()
  const { connection } = PANELS[panel]
  const facts = useObservable(connections[connection].facts)
  const now = useNow()
  const { transport } = facts
  const protocol = useProtocol()
  const over = protocol === undefined ? [] : [runsOver(transport, protocol), whyTcp(transport, protocol)]
  const rows = [
    ['Transport', TRANSPORT_LABELS[transport].long],
    ['Runs over', over.filter(part => part !== undefined).join('. ') || NOTHING],
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
