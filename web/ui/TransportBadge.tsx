// The small mark that says which transport carries a panel, and leads to the page that says why.

'use client'

import Link from 'next/link'
import { choiceFor, PANELS, type PanelName, TRANSPORT_LABELS } from '../connections/panels.ts'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { useCell } from '../reactive/use-observable.tsx'
import css from './Panel.module.css'

export function TransportBadge({ panel }: { readonly panel: PanelName }) {
  const { lines } = useDashboard()
  const { transport } = useCell(lines[PANELS[panel].line].cell)
  const choice = choiceFor(panel)
  const fallback = transport !== choice.transport
  const label = TRANSPORT_LABELS[transport]
  const reasons = (fallback ? choiceFor(panel, false) : choice).reasons.join(' ')
  const says = `${PANELS[panel].title}: ${label.long}. ${reasons}`
  return (
    <Link
      className={css.badge}
      href={`/transports/#${panel}`}
      prefetch={false}
      title={says}
      aria-label={`${label.short}: ${PANELS[panel].title} comes by ${label.long}. Why?`}
      data-testid={`transport-badge-${panel}`}
      data-transport={transport}
      data-fallback={fallback}
    >
      <span>{label.short}</span>
    </Link>
  )
}
