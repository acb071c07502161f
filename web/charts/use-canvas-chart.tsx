// The life of a chart on a canvas: loaded when first shown, drawn through the frame scheduler at most ten times a
// second, resized with its box, re-coloured with the theme. Shared by the candle and the depth chart.

'use client'

import { type RefObject, useEffect, useRef } from 'react'
import type { Frames, Task } from '../reactive/frame-scheduler.ts'
import { type ChartTheme, readTheme, watchTheme } from './theme.ts'

interface CanvasChart {
  setTheme(theme: ChartTheme): void
  resize(): void
  destroy(): void
}

export const CHART_INTERVAL_MS = 100

/**
 * @param load brings the chart's code: it is not needed for the first paint of the page.
 * @param draw brings the chart up to date; called in a frame, never sooner than it may be.
 * @returns the chart once it is loaded, and what asks for a drawing.
 */
export function useCanvasChart<C extends CanvasChart>(
  canvas: RefObject<HTMLCanvasElement | null>,
  frames: Frames,
  load: (canvas: HTMLCanvasElement, theme: ChartTheme) => Promise<C>,
  draw: (chart: C) => void,
): { readonly chart: RefObject<C | undefined>; readonly redraw: () => void } {
  const chart = useRef<C>(undefined)
  const latest = useRef(draw)
  useEffect(() => {
    latest.current = draw
  })
  const task = useRef<Task>(undefined)
  task.current ??= {
    intervalMs: CHART_INTERVAL_MS,
    run: () => {
      if (chart.current !== undefined) latest.current(chart.current)
    },
  }
  const redraw = useRef(() => frames.request(task.current!)).current

  useEffect(() => {
    const element = canvas.current!
    const drawing = task.current!
    let gone = false
    let stop = () => {}
    void load(element, readTheme(element)).then(made => {
      if (gone) {
        made.destroy()
        return
      }
      chart.current = made
      const resizing = new ResizeObserver(() => made.resize())
      resizing.observe(element.parentElement!)
      const stopWatching = watchTheme(() => made.setTheme(readTheme(element)))
      made.resize()
      frames.request(drawing)
      stop = () => {
        resizing.disconnect()
        stopWatching()
        frames.cancel(drawing)
        made.destroy()
        chart.current = undefined
      }
    })
    return () => {
      gone = true
      stop()
    }
  }, [canvas, frames, load])

  return { chart, redraw }
}
