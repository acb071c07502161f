// The browser's pointer and wheel events on the chart, as gestures. Listens by itself instead of through React, which
// cannot keep the page from scrolling under the wheel.

'use client'

import { type RefObject, useEffect, useRef } from 'react'
import { createGestures, type GesturePoint, type GestureTarget } from './gestures.ts'

/** Pixels of the wheel that double or halve the width of a bar. */
const WHEEL_DOUBLE_PX = 320
/** A pinch on a touchpad comes as small steps of the wheel with Ctrl. */
const PAD_PINCH = 6
const WHEEL_UNITS_PX = [1, 16, 400]

/** @param element lies in the box of the chart, under what else is in it. */
export function useGestures(element: RefObject<HTMLElement | null>, target: GestureTarget): void {
  const latest = useRef(target)
  useEffect(() => {
    latest.current = target
  })
  useEffect(() => {
    const surface = element.current!
    const gestures = createGestures(
      {
        hover: (x, y) => latest.current.hover(x, y),
        leave: () => latest.current.leave(),
        drag: dx => latest.current.drag(dx),
        zoom: (factor, x) => latest.current.zoom(factor, x),
        tap: point => latest.current.tap(point),
      },
      (run, delayMs) => {
        const timer = setTimeout(run, delayMs)
        return () => clearTimeout(timer)
      },
    )
    const pointOf = (event: PointerEvent): GesturePoint => {
      const { left, top } = surface.getBoundingClientRect()
      const kind = event.pointerType === 'touch' ? 'touch' : 'mouse'
      return { id: event.pointerId, kind, x: event.clientX - left, y: event.clientY - top, shift: event.shiftKey }
    }
    const down = (event: PointerEvent) => {
      if (event.button !== 0) return
      surface.setPointerCapture(event.pointerId)
      gestures.down(pointOf(event))
    }
    const leave = (event: PointerEvent) => {
      if (event.pointerType !== 'touch') gestures.leave()
    }
    const wheel = (event: WheelEvent) => {
      event.preventDefault()
      const unit = WHEEL_UNITS_PX[event.deltaMode] ?? 1
      const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)
      const delta = (isSideways && event.deltaX !== 0 ? event.deltaX : event.deltaY) * unit
      const x = event.clientX - surface.getBoundingClientRect().left
      if (isSideways) latest.current.drag(-delta)
      else latest.current.zoom(2 ** ((-delta * (event.ctrlKey ? PAD_PINCH : 1)) / WHEEL_DOUBLE_PX), x)
    }
    const touch = (event: TouchEvent) => {
      if ((gestures.holdsPage || event.touches.length > 1) && event.cancelable) event.preventDefault()
    }
    const listening = new AbortController()
    const { signal } = listening
    surface.addEventListener('pointerdown', down, { signal })
    surface.addEventListener('pointermove', event => gestures.move(pointOf(event)), { signal })
    surface.addEventListener('pointerup', event => gestures.up(pointOf(event)), { signal })
    surface.addEventListener('pointercancel', event => gestures.cancel(event.pointerId), { signal })
    // What lies over the surface is still on the chart: the crosshair stays while the pointer is there.
    surface.parentElement!.addEventListener('pointerleave', leave, { signal })
    surface.addEventListener('wheel', wheel, { signal, passive: false })
    surface.addEventListener('touchmove', touch, { signal, passive: false })
    return () => listening.abort()
  }, [element])
}
