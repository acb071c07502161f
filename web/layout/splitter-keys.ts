// What a key does to a splitter, as the pattern "window splitter" of the ARIA Authoring Practices has it. Pure.
// Splitter.tsx applies it.

import type { SizeLimits } from './layouts.ts'

const STEP_PX = { fine: 10, coarse: 50 } as const

/** The direction in which each arrow moves a splitter that sets a width or a height. */
const ARROWS: Readonly<Record<SizeLimits['axis'], Readonly<Record<string, 1 | -1>>>> = {
  width: { ArrowLeft: -1, ArrowRight: 1 },
  height: { ArrowUp: -1, ArrowDown: 1 },
}

/** @returns the size after the key; undefined for a key that does nothing here. */
export function sizeAfterKey(
  { key, shiftKey }: { readonly key: string; readonly shiftKey: boolean },
  { axis, grows, minPx, maxPx }: SizeLimits,
  px: number,
): number | undefined {
  if (key === 'Home') return minPx
  if (key === 'End') return maxPx
  const direction = ARROWS[axis][key]
  if (direction === undefined) return undefined
  const stepPx = shiftKey ? STEP_PX.coarse : STEP_PX.fine
  return Math.min(maxPx, Math.max(minPx, px + direction * grows * stepPx))
}
