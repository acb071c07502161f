// The panels with what each needs and what it got: choosing one lights its way through the tree.

'use client'

import { choiceFor, PANEL_NAMES, PANELS, type PanelName, TRANSPORT_LABELS } from '../connections/panels.ts'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { useCell } from '../reactive/use-observable.tsx'
import { moveFocus } from '../ui/roving-focus.ts'
import css from './transports.module.css'

interface PanelListProps {
  readonly chosen: PanelName
  readonly onChoose: (panel: PanelName) => void
}

export function PanelList({ chosen, onChoose }: PanelListProps) {
  return (
    <table className={css.panels} onKeyDown={moveFocus}>
      <caption className="heard">The panels, what each needs, and the transport that follows</caption>
      <thead>
        <tr>
          <th scope="col">Panel</th>
          <th scope="col">Real-time</th>
          <th scope="col">Both speak</th>
          <th scope="col">Transport</th>
        </tr>
      </thead>
      <tbody>
        {PANEL_NAMES.map(name => (
          <PanelLine key={name} name={name} chosen={name === chosen} onChoose={onChoose} />
        ))}
      </tbody>
    </table>
  )
}

interface PanelLineProps {
  readonly name: PanelName
  readonly chosen: boolean
  readonly onChoose: (panel: PanelName) => void
}

function PanelLine({ name, chosen, onChoose }: PanelLineProps) {
  const { lines } = useDashboard()
  const { title, need, line } = PANELS[name]
  const { transport } = useCell(lines[line].cell)
  const fallback = transport !== choiceFor(name).transport
  return (
    <tr id={name} className={css.panel} data-chosen={chosen} data-testid={`panel-${name}`}>
      <th scope="row">
        <button
          type="button"
          className={css.pick}
          data-stop
          tabIndex={chosen ? 0 : -1}
          aria-current={chosen ? 'true' : undefined}
          onClick={() => onChoose(name)}
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
            <span className="heard"> (fallen back)</span>
          </>
        )}
      </td>
    </tr>
  )
}
