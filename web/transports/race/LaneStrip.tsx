// The strip of one lane: its events on the time axis. A picture only; LaneTable.tsx has the figures as text.

'use client'

import { useEffect, useRef } from 'react'
import type { ChartTheme } from '../../charts/theme.ts'
import { useCanvasChart } from '../../charts/use-canvas-chart.tsx'
import { useDashboard } from '../../dashboard/dashboard-context.tsx'
import { useObservable } from '../../reactive/use-observable.tsx'
import { timeWindow } from './lane-geometry.ts'
import { createLanePainting } from './lane-painting.ts'
import css from './race.module.css'
import type { Race, RunningLane } from './race.ts'

const DRAW_MS = 100
const load = async (canvas: HTMLCanvasElement, theme: ChartTheme) => createLanePainting(canvas, theme)

export function LaneStrip({ race, lane }: { readonly race: Race; readonly lane: RunningLane }) {
  const { frames } = useDashboard()
  const { phase, startMs, shades } = useObservable(race.state)
  const canvas = useRef<HTMLCanvasElement>(null)
  const { redraw } = useCanvasChart(canvas, frames, load, painting => {
    const nowMs = race.nowMs()
    const isStepwise = matchMedia('(prefers-reduced-motion: reduce)').matches
    const { dots, outages } = lane.record
    painting.draw({ window: timeWindow(nowMs, startMs, isStepwise), startMs, nowMs, dots, outages, shades })
  })

  useEffect(() => {
    redraw()
    if (phase !== 'running') return
    const timer = setInterval(redraw, DRAW_MS)
    return () => clearInterval(timer)
  }, [phase, redraw])

  return (
    <div className={css.strip}>
      <canvas
        ref={canvas}
        role="img"
        aria-label={`Events of ${lane.title} on the time axis; the table has the figures`}
      />
    </div>
  )
}
