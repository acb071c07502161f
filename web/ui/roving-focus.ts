// Arrow keys inside a list of buttons: one of them is in the tab order, the arrows move between all. Used by the ticker
// and the ladder; works on any element whose stops carry `data-stop`.

import type { KeyboardEvent } from 'react'

const MOVES: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowDown: (at, count) => Math.min(at + 1, count - 1),
  ArrowUp: at => Math.max(at - 1, 0),
  PageDown: (at, count) => Math.min(at + 10, count - 1),
  PageUp: at => Math.max(at - 10, 0),
  Home: () => 0,
  End: (_, count) => count - 1,
}

export function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const move = MOVES[event.key]
  if (move === undefined) return
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-stop]')]
  const at = stops.indexOf(document.activeElement as HTMLElement)
  if (at < 0) return
  event.preventDefault()
  stops[move(at, stops.length)]?.focus()
}
