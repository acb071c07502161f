// The table of panels: what each needs and which transport it got. Selecting one highlights its path through the tree.

'use client'

import { PANEL_NAMES, PANELS, type PanelName, TRANSPORT_LABELS, transportChoice } from '../../connections/panels.ts'
import { useDashboard } from '../../dashboard/dashboard-context.tsx'
import { useObservable } from '../../reactive/use-observable.tsx'
import { moveFocus } from '../../ui/roving-focus.ts'
import css from './need.module.css'

interface PanelListProps {
  readonly selected: PanelName
  readonly onSelect: (panel: PanelName) => void
}

export function PanelList({ selected, onSelect }: PanelListProps) {
  return (
    <table className={css.panels} onKeyDown={moveFocus}>
      <caption className="visually-hidden">The panels, what each needs, and its transport</caption>
      <thead>
        <tr>
          <th scope="col">Panel</th>
          <th scope="col">Real-time</th>
          <th scope="col">Two-way</th>
          <th scope="col">Transport</th>
        </tr>
      </thead>
      <tbody>
        {PANEL_NAMES.map(name => (
          <PanelRow key={name} name={name} selected={name === selected} onSelect={onSelect} />
        ))}
      </tbody>
    </table>
  )
}

interface PanelRowProps {
  readonly name: PanelName
  readonly selected: boolean
  readonly onSelect: (panel: PanelName) => void
}

function PanelRow({ name, selected, onSelect }: PanelRowProps) {
  const { connections } = useDashboard()
  const { title, need, connection } = PANELS[name]
  const { transport } = useObservable(connections[connection].facts)
  const fallback = transport !== transportChoice(name).transport
  return (
    <tr id={name} className={css.panel} data-selected={selected} data-testid={`panel-${name}`}>
      <th scope="row">
        <button
          type="button"
          className={css.pick}
          data-stop
          tabIndex={selected ? 0 : -1}
          aria-current={selected ? 'true' : undefined}
          onClick={() => onSelect(name)}
        >
          {title}
        </button>
      </th>
      <td>{need.realtime ? 'yes' : 'no'}</td>
      <td>{need.bidirectional ? 'yes' : 'no'}</td>
      <td data-fallback={fallback}>
        {TRANSPORT_LABELS[transport].short}
        {fallback && (
          <>
            {' ↓'}
            <span className="visually-hidden"> (fallen back)</span>
          </>
        )}
      </td>
    </tr>
  )
}
