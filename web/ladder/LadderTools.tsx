// Above the rows of the ladder: how prices are grouped, what the figures are, the depth chart in place of the rows, and
// the way back to the touch.

'use client'

import type { Instrument } from '@papertape/protocol'
import { formatPrice } from '../format/format.ts'
import panel from '../ui/Panel.module.css'
import css from './Ladder.module.css'
import { GROUP_TICKS, type LadderOptions } from './ladder-options.ts'

interface LadderToolsProps {
  readonly instrument: Instrument
  readonly options: LadderOptions
  readonly onOptions: (options: LadderOptions) => void
  /** The depth chart is shown beneath the rows. */
  readonly hasBoth: boolean
  /** The touch is not in the middle of the rows. */
  readonly isAway: boolean
  readonly onRecentre: () => void
}

const FIGURES = {
  size: { text: 'Size', hint: 'The size at each price' },
  total: { text: 'Total', hint: 'The size at each price and all better ones' },
} as const

export function LadderTools({ instrument, options, hasBoth, onOptions, isAway, onRecentre }: LadderToolsProps) {
  const { tickSize, priceDecimals } = instrument
  return (
    <div className={css.tools}>
      <select
        className={css.group}
        aria-label="Price step of a row"
        title="Price step of a row"
        value={options.groupTicks}
        onChange={event =>
          onOptions({ ...options, groupTicks: GROUP_TICKS.find(one => String(one) === event.target.value)! })
        }
        data-testid="ladder-group"
      >
        {GROUP_TICKS.map(ticks => (
          <option key={ticks} value={ticks}>
            {formatPrice(ticks * tickSize, priceDecimals)}
          </option>
        ))}
      </select>
      {(['size', 'total'] as const).map(figures => (
        <button
          key={figures}
          type="button"
          className={panel.tool}
          aria-pressed={options.figures === figures}
          title={FIGURES[figures].hint}
          onClick={() => onOptions({ ...options, figures })}
          data-testid={`ladder-${figures}`}
        >
          {FIGURES[figures].text}
        </button>
      ))}
      <button
        type="button"
        className={panel.tool}
        hidden={hasBoth}
        aria-pressed={options.shows === 'depth'}
        title="The depth chart over the same prices, in place of the rows"
        onClick={() => onOptions({ ...options, shows: options.shows === 'depth' ? 'rows' : 'depth' })}
        data-testid="ladder-depth"
      >
        Depth
      </button>
      <button
        type="button"
        className={`${panel.tool} ${css.recentre}`}
        data-away={isAway}
        title="Show the best prices in the middle (Home)"
        onClick={onRecentre}
        data-testid="ladder-recentre"
      >
        Recentre
      </button>
    </div>
  )
}
