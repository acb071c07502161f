// Where the dots and shades of a lane lie: time from left to right, latency from bottom to top on a logarithmic scale.
// Pure; LaneStrip.tsx paints them.

export const WINDOW_MS = 60_000
/** With reduced motion the window moves in steps of this. */
const STEP_MS = 10_000
const LEAST_MS = 1
const MOST_MS = 10_000
/** Lines of the latency scale. */
export const LATENCY_TICKS_MS = [10, 100, 1_000] as const
const PAD_PX = 4

export interface TimeWindow {
  readonly fromMs: number
  readonly toMs: number
}

export function timeWindow(nowMs: number, startMs: number, isStepwise: boolean): TimeWindow {
  const elapsedMs = Math.max(WINDOW_MS, nowMs - startMs)
  const shownMs = isStepwise ? Math.ceil(elapsedMs / STEP_MS) * STEP_MS : elapsedMs
  const toMs = startMs + shownMs
  return { fromMs: toMs - WINDOW_MS, toMs }
}

export function timeX(atMs: number, { fromMs, toMs }: TimeWindow, widthPx: number): number {
  return ((atMs - fromMs) / (toMs - fromMs)) * widthPx
}

export function latencyY(latencyMs: number, heightPx: number): number {
  const limited = Math.min(MOST_MS, Math.max(LEAST_MS, latencyMs))
  const share = Math.log(limited / LEAST_MS) / Math.log(MOST_MS / LEAST_MS)
  return heightPx - PAD_PX - share * (heightPx - 2 * PAD_PX)
}

/** The part of a time span that is within the window; undefined when none is. */
export function spanX(
  fromMs: number,
  toMs: number,
  window: TimeWindow,
  widthPx: number,
): { readonly x: number; readonly widthPx: number } | undefined {
  const left = Math.max(0, timeX(fromMs, window, widthPx))
  const right = Math.min(widthPx, timeX(toMs, window, widthPx))
  // A short span is still seen.
  return right <= left ? undefined : { x: left, widthPx: Math.max(1, right - left) }
}
