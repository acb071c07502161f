// The exhibit of live frames: those of a connection of this page, or of one of its panels.

'use client'

import { useId, useState } from 'react'
import { PANEL_NAMES, PANELS } from '../../connections/panels.ts'
import { useDashboard } from '../../dashboard/dashboard-context.tsx'
import { useObservable } from '../../reactive/use-observable.tsx'
import { FrameViewer } from './FrameViewer.tsx'
import { frameScope, SCOPE_NAMES, type ScopeName, SOURCE_TITLES } from './frame-scope.ts'
import css from './frames.module.css'

export function FramesExhibit() {
  const { selection } = useDashboard()
  const { symbol } = useObservable(selection.state)
  const [name, setName] = useState<ScopeName>('feed')
  const id = useId()
  return (
    <div className={css.exhibit}>
      <div className={css.choice}>
        <label htmlFor={id}>Frames of</label>
        <select
          id={id}
          value={name}
          onChange={event => setName(SCOPE_NAMES.find(one => one === event.target.value) ?? 'feed')}
          data-testid="frames-scope"
        >
          <optgroup label="Connections">
            {Object.entries(SOURCE_TITLES).map(([source, title]) => (
              <option key={source} value={source}>
                {title}
              </option>
            ))}
          </optgroup>
          <optgroup label="Panels">
            {PANEL_NAMES.map(panel => (
              <option key={panel} value={panel}>
                {PANELS[panel].title}
              </option>
            ))}
          </optgroup>
        </select>
      </div>
      <FrameViewer key={`${name} ${symbol}`} scope={frameScope(name, symbol)} />
    </div>
  )
}
