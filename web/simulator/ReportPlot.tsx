// One plot of a report, as SVG in the colours of the page.

'use client'

import type { SimulationPlot } from '@papertape/protocol'
import { useId } from 'react'
import css from './plot.module.css'
import { PLOT, type PlotMark, plotShape } from './plot-geometry.ts'

export function ReportPlot({ plot }: { readonly plot: SimulationPlot }) {
  const id = useId()
  const { marks, xTicks, yTicks, legend } = plotShape(plot)
  const { left, right, top, bottom, width, height } = PLOT
  const middle = (top + bottom) / 2
  return (
    <figure className={css.figure} data-testid="report-plot">
      <figcaption>
        <h4>{plot.title}</h4>
        <p>{plot.caption}</p>
      </figcaption>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`${plot.title}: ${plot.y.label} by ${plot.x.label}`}
      >
        <clipPath id={id}>
          <rect x={left} y={top} width={right - left} height={bottom - top} />
        </clipPath>
        <g clipPath={`url(#${id})`}>
          {marks.map((mark, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the marks of a plot never change
            <Mark key={i} mark={mark} />
          ))}
        </g>
        <path className={css.axis} d={`M${left} ${top}V${bottom}H${right}`} />
        {xTicks.map(({ at, text }) => (
          <text key={text} className={css.tick} x={at} y={bottom + 14} textAnchor="middle">
            {text}
          </text>
        ))}
        {yTicks.map(({ at, text }) => (
          <text key={text} className={css.tick} x={left - 6} y={at + 3} textAnchor="end">
            {text}
          </text>
        ))}
        <text className={css.label} x={(left + right) / 2} y={bottom + 34} textAnchor="middle">
          {plot.x.label}
        </text>
        <text className={css.label} x={12} y={middle} textAnchor="middle" transform={`rotate(-90 12 ${middle})`}>
          {plot.y.label}
        </text>
      </svg>
      <ul className={css.legend}>
        {legend.map(({ series, name }) => (
          <li key={series} data-series={series}>
            {series === 'sample' ? 'this run' : name}
          </li>
        ))}
      </ul>
    </figure>
  )
}

function Mark({ mark }: { readonly mark: PlotMark }) {
  switch (mark.kind) {
    case 'target':
      return <rect className={css.target} {...mark.rect} />
    case 'band':
      return <path className={mark.isTarget ? css.target : css.band} d={mark.d} />
    case 'line':
      return <path className={css.line} data-series={mark.series} d={mark.d} />
    case 'bars':
      return mark.rects.map(rect => <rect key={rect.x} className={css.bar} {...rect} />)
    case 'points':
      return mark.points.map(([x, y]) => (
        <circle key={`${x},${y}`} className={css.point} data-series={mark.series} cx={x} cy={y} r={2.6} />
      ))
  }
}
