// The life cycle of a chart on a canvas: loaded when first shown, drawn by the frame scheduler at most ten times a
// second for data and in each frame for a hand, resized with its box, redrawn when the theme changes. Used by the
// candle and the depth chart.

'use client'

import { type RefObject, useEffect, useRef } from 'react'
import type { FrameScheduler, FrameTask } from '../reactive/frame-scheduler.ts'
import { type ChartTheme, readTheme, watchTheme } from './theme.ts'

interface CanvasChart {
  setTheme(theme: ChartTheme): void
  resize(): void
  destroy(): void
}

const CHART_INTERVAL_MS = 100

/**
 * @param load imports the chart's code, which the first paint of the page does not need.
 * @param draw draws the chart; called in a frame.
 * @returns the chart once it is loaded, and what requests a drawing: `redraw` for new data, `redrawNow` for the next
 * frame, so that what a hand moves follows it.
 */
export function useCanvasChart<C extends CanvasChart>(
  canvas: RefObject<HTMLCanvasElement | null>,
  frames: FrameScheduler,
  load: (canvas: HTMLCanvasElement, theme: ChartTheme) => Promise<C>,
  draw: (chart: C) => void,
): { readonly chart: RefObject<C | undefined>; readonly redraw: () => void; readonly redrawNow: () => void } {
  const chart = useRef<C>(undefined)
  const latest = useRef(draw)
  useEffect(() => {
    latest.current = draw
  })
  const tasks = useRef<{ readonly data: FrameTask; readonly hand: FrameTask }>(undefined)
  if (tasks.current === undefined) {
    const run = () => {
      if (chart.current !== undefined) latest.current(chart.current)
    }
    const data = { intervalMs: CHART_INTERVAL_MS, run }
    const hand = {
      intervalMs: 0,
      run: () => {
        frames.cancel(data)
        run()
      },
    }
    tasks.current = { data, hand }
  }
  const redraw = useRef(() => frames.request(tasks.current!.data)).current
  const redrawNow = useRef(() => frames.request(tasks.current!.hand)).current

  useEffect(() => {
    const element = canvas.current!
    const { data, hand } = tasks.current!
    let isUnmounted = false
    let stop = () => {}
    void load(element, readTheme(element)).then(created => {
      if (isUnmounted) {
        created.destroy()
        return
      }
      chart.current = created
      const resizing = new ResizeObserver(() => {
        created.resize()
        // What lies over the canvas moves with it, also while no data comes.
        frames.request(hand)
      })
      resizing.observe(element.parentElement!)
      const stopWatching = watchTheme(() => created.setTheme(readTheme(element)))
      created.resize()
      frames.request(hand)
      stop = () => {
        resizing.disconnect()
        stopWatching()
        frames.cancel(data)
        frames.cancel(hand)
        created.destroy()
        chart.current = undefined
      }
    })
    return () => {
      isUnmounted = true
      stop()
    }
  }, [canvas, frames, load])

  return { chart, redraw, redrawNow }
}
