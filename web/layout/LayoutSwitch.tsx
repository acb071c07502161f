// The control in the top bar that selects a layout of the trading screen, and sets its sizes back to the default.

'use client'

import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { usePreference } from '../dashboard/use-preference.tsx'
import css from './LayoutSwitch.module.css'
import { ARRANGEMENT, isDefault, LAYOUT_NAMES, LAYOUTS, selectLayout, withDefaultSizes } from './layouts.ts'

export function LayoutSwitch() {
  const { preferences } = useDashboard()
  const [arrangement, arrange] = usePreference(ARRANGEMENT)
  const { layout } = arrangement
  return (
    <div className={css.layout}>
      <fieldset className={css.choice} data-testid="layouts">
        <legend className="visually-hidden">Layout</legend>
        {LAYOUT_NAMES.map(name => (
          <label key={name} title={LAYOUTS[name].hint}>
            <input
              type="radio"
              name="layout"
              checked={name === layout}
              onChange={() => selectLayout(preferences, name)}
            />
            {LAYOUTS[name].title}
          </label>
        ))}
      </fieldset>
      <button
        type="button"
        className={css.reset}
        title={`Reset the sizes of the layout ${LAYOUTS[layout].title}`}
        disabled={isDefault(arrangement)}
        onClick={() => arrange(withDefaultSizes(arrangement))}
        data-testid="reset-layout"
      >
        <svg viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="1.5">
          <path d="M3 8a5 5 0 1 0 1.7-3.8M3 2.5V5.5H6" strokeLinecap="round" strokeLinejoin="round" />
        </svg>
        <span className="visually-hidden">Reset layout</span>
      </button>
    </div>
  )
}
