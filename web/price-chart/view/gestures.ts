// What pointers on the chart mean: hover, drag, tap, pinch, and a long press of a finger, which moves the crosshair.
// Pure but for its timer. use-gestures.tsx passes in the events of the browser.

export interface GesturePoint {
  readonly id: number
  readonly kind: 'mouse' | 'touch'
  /** Pixels from the top left corner of the chart. */
  readonly x: number
  readonly y: number
  /** With Shift held. */
  readonly shift: boolean
}

export interface GestureTarget {
  /** The crosshair follows the pointer. */
  hover(x: number, y: number): void
  /** The pointer has left. */
  leave(): void
  /** By so many pixels, to the right if positive. */
  drag(dx: number): void
  /** Around a point. */
  zoom(factor: number, x: number): void
  /** Pressed and released at the same place. */
  tap(point: GesturePoint): void
}

export interface Gestures {
  down(point: GesturePoint): void
  move(point: GesturePoint): void
  up(point: GesturePoint): void
  /** The browser took the pointer, such as to scroll the page. */
  cancel(id: number): void
  leave(): void
  /** Whether the page must not scroll now. */
  readonly holdsPage: boolean
}

/** A pointer that moves less is still. */
const STILL_PX = 4
const LONG_PRESS_MS = 400

type Mode = 'none' | 'pressed' | 'dragging' | 'pinching' | 'pointing'

/** @param setTimer calls back once; returns what cancels it. */
export function createGestures(
  target: GestureTarget,
  setTimer: (run: () => void, delayMs: number) => () => void,
): Gestures {
  const pointers = new Map<number, GesturePoint>()
  let mode: Mode = 'none'
  let pressedAt: GesturePoint | undefined
  let cancelLongPress = () => {}

  function end(id: number): void {
    pointers.delete(id)
    cancelLongPress()
    // The finger that is left after a pinch goes on dragging.
    mode = pointers.size === 0 ? 'none' : 'dragging'
  }

  function pinch(before: GesturePoint, point: GesturePoint): void {
    const other = [...pointers.values()].find(({ id }) => id !== point.id)!
    const distance = (one: GesturePoint) => Math.max(1, Math.hypot(one.x - other.x, one.y - other.y))
    target.zoom(distance(point) / distance(before), (point.x + other.x) / 2)
    target.drag((point.x - before.x) / 2)
  }

  return {
    get holdsPage() {
      return mode === 'pinching' || mode === 'pointing'
    },
    down(point) {
      pointers.set(point.id, point)
      cancelLongPress()
      if (pointers.size > 1) {
        mode = 'pinching'
        return
      }
      mode = 'pressed'
      pressedAt = point
      if (point.kind === 'mouse') return
      cancelLongPress = setTimer(() => {
        if (mode !== 'pressed') return
        mode = 'pointing'
        target.hover(point.x, point.y)
      }, LONG_PRESS_MS)
    },
    move(point) {
      const before = pointers.get(point.id)
      if (before === undefined) {
        if (point.kind === 'mouse') target.hover(point.x, point.y)
        return
      }
      if (mode === 'pressed') {
        if (Math.hypot(point.x - pressedAt!.x, point.y - pressedAt!.y) < STILL_PX) return
        mode = 'dragging'
        cancelLongPress()
      }
      pointers.set(point.id, point)
      if (mode === 'pinching') pinch(before, point)
      if (mode === 'dragging') target.drag(point.x - before.x)
      if (mode === 'pointing' || point.kind === 'mouse') target.hover(point.x, point.y)
    },
    up(point) {
      if (mode === 'pressed' && pointers.has(point.id)) target.tap(point)
      end(point.id)
    },
    cancel: end,
    leave() {
      if (pointers.size === 0) target.leave()
    },
  }
}
