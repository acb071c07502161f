// The panels of this dashboard under the leaf whose transport carries each now, with what their connections receive.
// Selecting a panel answers the questions as it needs.

'use client'

import { useState } from 'react'
import type { ConnectionFacts } from '../../connections/connection.ts'
import {
  type ConnectionName,
  PANEL_NAMES,
  PANELS,
  type PanelName,
  TRANSPORT_LABELS,
  transportChoice,
} from '../../connections/panels.ts'
import { useDashboard } from '../../dashboard/dashboard-context.tsx'
import { formatAge, formatBytes, formatCompact, NOTHING } from '../../format/format.ts'
import { useObservable } from '../../reactive/use-observable.tsx'
import { useNow } from '../../ui/use-now.tsx'
import { runsOver, whyTcp } from '../exhibit/runs-over.ts'
import { useProtocol } from '../exhibit/use-protocol.tsx'
import { LEAVES } from './DecisionTree.tsx'
import { createRateMeter } from './event-rate.ts'
import css from './leaf-panels.module.css'

interface LeafPanelsProps {
  readonly selected: PanelName | undefined
  readonly onSelect: (panel: PanelName) => void
}

export function LeafPanels({ selected, onSelect }: LeafPanelsProps) {
  const { requests, tape, book, orders } = useDashboard().connections
  const facts = [
    useObservable(requests.facts),
    useObservable(tape.facts),
    useObservable(book.facts),
    useObservable(orders.facts),
  ]
  const protocol = useProtocol()
  return (
    <div className={css.leaves}>
      {LEAVES.map(transport => {
        const carried = facts.filter(one => one.transport === transport)
        const isUsed = carried.length > 0 && protocol !== undefined
        const why = isUsed ? whyTcp(transport, protocol) : undefined
        return (
          <section key={transport} className={css.leaf} data-testid={`panels-of-${transport}`}>
            <h4>{TRANSPORT_LABELS[transport].long}</h4>
            {isUsed && (
              <p className={css.over} data-testid={`over-${transport}`}>
                Runs over {runsOver(transport, protocol)}
              </p>
            )}
            {carried.map(one => (
              <ConnectionPanels key={one.name} facts={one} selected={selected} onSelect={onSelect} />
            ))}
            {why !== undefined && <p className={css.why}>{why}</p>}
            {carried.length === 0 && <p className={css.none}>No panel now</p>}
          </section>
        )
      })}
    </div>
  )
}

interface ConnectionPanelsProps extends LeafPanelsProps {
  readonly facts: ConnectionFacts
}

function ConnectionPanels({ facts, selected, onSelect }: ConnectionPanelsProps) {
  return (
    <div className={css.connection}>
      <ConnectionFigures facts={facts} />
      <ul>
        {panelsOf(facts.name).map(name => (
          <li
            key={name}
            id={name}
            className={css.panel}
            data-selected={name === selected}
            data-testid={`panel-${name}`}
          >
            <button type="button" aria-pressed={name === selected} onClick={() => onSelect(name)}>
              {PANELS[name].title}
              {facts.transport !== transportChoice(name).transport && <span className={css.fallback}> (fallback)</span>}
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

const panelsOf = (connection: ConnectionName) => PANEL_NAMES.filter(name => PANELS[name].connection === connection)

function ConnectionFigures({ facts: { name, events, bytes, lastAtMs } }: { readonly facts: ConnectionFacts }) {
  const now = useNow()
  const [meter] = useState(createRateMeter)
  const perSecond = now === 0 ? undefined : meter.read(now, events)
  if (lastAtMs === null) return <p className={css.figures}>nothing yet</p>
  const noun = name === 'requests' ? 'responses' : 'events'
  const rates = [
    ...(name === 'requests' || perSecond === undefined ? [] : [`${perSecond.toFixed(1)}/s`]),
    // Books come in the stream of the tape (decision 0012), whose bytes are shown once.
    ...(name === 'book' || bytes === 0 ? [] : [formatBytes(bytes)]),
  ]
  // Always three rows, so that nothing below moves when a figure gets longer.
  const rows = [
    `${formatCompact(events)} ${noun}`,
    rates.join(' · ') || NOTHING,
    `${formatAge(Math.max(0, now - lastAtMs))} ago`,
  ]
  return (
    <p className={css.figures} data-testid={`figures-${name}`}>
      {rows.map(row => (
        <span key={row}>{row}</span>
      ))}
    </p>
  )
}
