// Six streams on one time axis, a dot for each event. What is drawn is in the text beside each lane too.

import css from './stream-lanes.module.css'
import type { StreamDrawing } from './stream-lanes.ts'

const ROW_PX = 26

export function StreamLanes({ drawing, label }: { readonly drawing: StreamDrawing; readonly label: string }) {
  const { lanes, lossAt, ticks } = drawing
  return (
    <div className={css.lanes}>
      <ol aria-label={label}>
        {lanes.map(({ name, dots, gap, result, isWaiting }) => (
          <li key={name} className={css.lane} data-testid="stream-lane" data-waiting={isWaiting}>
            <span className={css.name}>{name}</span>
            <svg className={css.track} height={ROW_PX} aria-hidden="true">
              <line className={css.axis} x1="0" x2="100%" y1={ROW_PX / 2} y2={ROW_PX / 2} />
              {gap && <rect className={css.gap} x={`${gap.at}%`} width={`${gap.width}%`} y="3" height={ROW_PX - 6} />}
              {lossAt !== undefined && (
                <line className={css.loss} x1={`${lossAt}%`} x2={`${lossAt}%`} y1="0" y2={ROW_PX} />
              )}
              {dots.map((at, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a dot is its place in the row
                <circle key={index} className={css.dot} cx={`${at}%`} cy={ROW_PX / 2} r="3" />
              ))}
            </svg>
            <span className={css.result}>{result}</span>
          </li>
        ))}
      </ol>
      <svg className={css.ticks} height="18" aria-hidden="true">
        {ticks.map(({ at, text }) => (
          <text key={text} x={`${at}%`} y="13">
            {text}
          </text>
        ))}
      </svg>
    </div>
  )
}
