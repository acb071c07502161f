// The menu of what is drawn over the candles. Closed by Escape, or when the focus leaves it.

'use client'

import { useRef, useState } from 'react'
import panel from '../ui/Panel.module.css'
import css from './CandleChart.module.css'
import { type ChartOptions, OVERLAYS, type OverlayName } from './chart-options.ts'

interface OverlayMenuProps {
  readonly options: ChartOptions
  readonly onChange: (options: ChartOptions) => void
}

export function OverlayMenu({ options, onChange }: OverlayMenuProps) {
  const [isOpen, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const { overlays } = options
  return (
    <fieldset
      className={css.menu}
      aria-label="Indicators"
      onBlur={event => !event.currentTarget.contains(event.relatedTarget) && setOpen(false)}
      onKeyDown={event => {
        if (event.key !== 'Escape' || !isOpen) return
        event.stopPropagation()
        setOpen(false)
        button.current?.focus()
      }}
    >
      <button ref={button} type="button" className={panel.tool} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        Indicators
      </button>
      {isOpen && (
        <div className={css.menuList}>
          {(Object.keys(OVERLAYS) as OverlayName[]).map(name => (
            <label key={name}>
              <input
                type="checkbox"
                checked={overlays[name]}
                onChange={event => onChange({ ...options, overlays: { ...overlays, [name]: event.target.checked } })}
              />
              {OVERLAYS[name]}
            </label>
          ))}
        </div>
      )}
    </fieldset>
  )
}
