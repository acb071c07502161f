// The handle between two panels: dragged, or moved by arrow keys, it sets the size of one of them; a double click sets
// the default. While it is dragged only the document's root changes; the size is stored when it is let go.

'use client'

import { type KeyboardEvent, type PointerEvent, useEffect, useState } from 'react'
import { usePreference } from '../dashboard/use-preference.tsx'
import {
  ARRANGEMENT,
  applyArrangement,
  type ScreenPanel,
  SIZES,
  type SizeLimits,
  type SizeName,
  withDefaultSize,
  withSize,
} from './layouts.ts'
import css from './Splitter.module.css'
import { sizeAfterKey } from './splitter-keys.ts'

/** The element around a panel, whose size a splitter sets. */
export function slotId(panel: ScreenPanel): string {
  return `slot-${panel}`
}

interface SplitterProps {
  readonly size: SizeName
  /** A panel of this size. */
  readonly panel: ScreenPanel
  readonly className?: string | undefined
}

export function Splitter({ size, panel, className }: SplitterProps) {
  const [arrangement, arrange] = usePreference(ARRANGEMENT)
  const limits: SizeLimits = SIZES[size]
  const { axis, grows, label, minPx, maxPx } = limits
  const px = useLength(panel, axis)
  /** Where a drag began, and how large the panel was. */
  const [start, setStart] = useState<{ readonly at: number; readonly px: number }>()
  const pointOf = (event: PointerEvent) => (axis === 'width' ? event.clientX : event.clientY)

  const drag = (event: PointerEvent) =>
    start === undefined ? undefined : withSize(arrangement, size, start.px + (pointOf(event) - start.at) * grows)
  const begin = (event: PointerEvent) => {
    if (event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    setStart({ at: pointOf(event), px })
  }
  const preview = (event: PointerEvent) => {
    const dragged = drag(event)
    if (dragged !== undefined) applyArrangement(document.documentElement, dragged)
  }
  const end = (event: PointerEvent) => {
    const dragged = drag(event)
    setStart(undefined)
    // A press without a move sets nothing.
    if (dragged !== undefined && pointOf(event) !== start?.at) arrange(dragged)
  }
  const cancel = () => {
    if (start !== undefined) applyArrangement(document.documentElement, arrangement)
    setStart(undefined)
  }
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && size === 'dock') {
      arrange({ ...arrangement, dock: arrangement.dock === 'open' ? 'collapsed' : 'open' })
      return
    }
    const next = sizeAfterKey(event, limits, px)
    if (next === undefined) return
    event.preventDefault()
    arrange(withSize(arrangement, size, next))
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: hr cannot be moved; a focusable separator is a control
    <div
      className={`${css.splitter} ${className ?? ''}`}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-controls={slotId(panel)}
      aria-orientation={axis === 'width' ? 'vertical' : 'horizontal'}
      aria-valuemin={minPx}
      aria-valuemax={maxPx}
      aria-valuenow={px}
      aria-valuetext={`${px} pixels`}
      data-axis={axis}
      data-dragged={start !== undefined}
      data-testid={`splitter-${size}`}
      onPointerDown={begin}
      onPointerMove={preview}
      onPointerUp={end}
      onPointerCancel={cancel}
      onDoubleClick={() => arrange(withDefaultSize(arrangement, size))}
      onKeyDown={press}
    />
  )
}

/** The present width or height of a panel; 0 in the exported HTML. */
function useLength(panel: ScreenPanel, axis: SizeLimits['axis']): number {
  const [px, setPx] = useState(0)
  useEffect(() => {
    const slot = document.getElementById(slotId(panel))
    if (slot === null) return
    const observer = new ResizeObserver(() => setPx(Math.round(slot.getBoundingClientRect()[axis])))
    observer.observe(slot)
    return () => observer.disconnect()
  }, [panel, axis])
  return px
}
