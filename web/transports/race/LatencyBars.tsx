// The histogram of a lane's latencies, from fast at the left to slow at the right; the same scale for all lanes.

import { BAR_LIMITS_MS } from './lanes/latency-histogram.ts'
import css from './race.module.css'

const BAR = { width: 8, gap: 2, height: 40 }
const WIDTH = BAR_LIMITS_MS.length * (BAR.width + BAR.gap) - BAR.gap

export function LatencyBars({ bars, title }: { readonly bars: readonly number[]; readonly title: string }) {
  const most = Math.max(1, ...bars)
  return (
    <div className={css.latencies}>
      <svg
        viewBox={`0 0 ${WIDTH} ${BAR.height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Latencies of ${title}`}
      >
        {BAR_LIMITS_MS.map((limitMs, index) => {
          const share = (bars[index] ?? 0) / most
          // A bar of few events is still seen.
          const height = share === 0 ? 0 : Math.max(1, share * (BAR.height - 1))
          const x = index * (BAR.width + BAR.gap)
          return (
            <g key={limitMs}>
              <rect className={css.base} x={x} y={BAR.height - 1} width={BAR.width} height={1} />
              <rect x={x} y={BAR.height - 1 - height} width={BAR.width} height={height} />
            </g>
          )
        })}
      </svg>
      <p aria-hidden="true">
        <span>1 ms</span>
        <span>100 ms</span>
        <span>10 s</span>
      </p>
    </div>
  )
}
