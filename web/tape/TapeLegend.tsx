// What the signs of time and sales mean, below the list.

import css from './TapePanel.module.css'
import { TICK_SIGNS } from './TapeTable.tsx'

export function TapeLegend() {
  return (
    <p className={css.legend} data-testid="tape-legend">
      <span>
        <b className="up">B</b> buyer or <b className="down">S</b> seller took the price
      </span>
      <span>
        {TICK_SIGNS.up.sign} {TICK_SIGNS.down.sign} {TICK_SIGNS.same.sign} against the trade before
      </span>
    </p>
  )
}
