// The badge of the transport that carries a panel, with a link to the screen that explains the choice.

'use client'

import Link from 'next/link'
import { PANELS, type PanelName, TRANSPORT_LABELS, transportChoice } from '../connections/panels.ts'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { useObservable } from '../reactive/use-observable.tsx'
import css from './Panel.module.css'

export function TransportBadge({ panel }: { readonly panel: PanelName }) {
  const { connections } = useDashboard()
  const { transport } = useObservable(connections[PANELS[panel].connection].facts)
  const choice = transportChoice(panel)
  const fallback = transport !== choice.transport
  const label = TRANSPORT_LABELS[transport]
  const reasons = (fallback ? transportChoice(panel, false) : choice).reasons.join(' ')
  return (
    <Link
      className={css.badge}
      href={`/transports/#${panel}`}
      prefetch={false}
      title={`${PANELS[panel].title}: ${label.long}. ${reasons}`}
      aria-label={`${label.short}: ${PANELS[panel].title} uses ${label.long}. Why?`}
      data-testid={`transport-badge-${panel}`}
      data-transport={transport}
      data-fallback={fallback}
    >
      <span>{label.short}</span>
    </Link>
  )
}
