// Arrow keys in a list of buttons ("roving tabindex"): one button is in the tab order, the arrows move the focus
// between all. The buttons carry `data-stop`. Used by the ticker, the ladder and the list of panels.

import type { KeyboardEvent } from 'react'

const MOVES: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowDown: (at, count) => Math.min(at + 1, count - 1),
  ArrowUp: at => Math.max(at - 1, 0),
  ArrowRight: (at, count) => Math.min(at + 1, count - 1),
  ArrowLeft: at => Math.max(at - 1, 0),
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
