// The least size that time and sales shows: typed, or one of the suggested ones. Kept in this browser.

'use client'

import type { Preference } from '../dashboard/preferences.ts'
import { usePreference } from '../dashboard/use-preference.tsx'
import css from './TapePanel.module.css'

/** 0 shows every trade. */
export const LEAST_SIZE: Preference<number> = {
  key: 'tape-least-size',
  read: stored => (typeof stored === 'number' && stored > 0 ? stored : 0),
}

const SUGGESTED = [100, 200, 500, 1_000, 5_000]

export function SizeFilter() {
  const [leastSize, setLeastSize] = usePreference(LEAST_SIZE)
  return (
    <>
      <input
        className={css.filter}
        type="number"
        min={0}
        list="tape-sizes"
        placeholder="Min. size"
        aria-label="Min. size: smaller trades are not shown"
        title="Smaller trades are not shown"
        data-testid="tape-least-size"
        value={leastSize === 0 ? '' : leastSize}
        onChange={event => setLeastSize(Math.max(0, event.target.valueAsNumber || 0))}
      />
      <datalist id="tape-sizes">
        {SUGGESTED.map(size => (
          <option key={size} value={size} />
        ))}
      </datalist>
    </>
  )
}
