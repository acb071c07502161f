// The focus in the watchlist, as a React hook: it moves through all rows, also to those that are not drawn yet. The row
// that has it stays drawn, so that scrolling does not lose it.

'use client'

import { type FocusEvent, type KeyboardEvent, type RefObject, useLayoutEffect, useRef, useState } from 'react'
import { type GridPlace, movedFocus, ROW_BUTTONS } from './grid-keys.ts'

export interface GridFocus {
  /** The symbol of the row with the focus; null without. */
  readonly focused: string | null
  /** Whether it is shown, as after a key; not after a press of the pointer. */
  readonly isShown: boolean
  readonly handlers: {
    onKeyDown(event: KeyboardEvent<HTMLElement>): void
    onFocus(event: FocusEvent<HTMLElement>): void
    onBlur(event: FocusEvent<HTMLElement>): void
  }
}

/** @param rows the element that holds the rows; the buttons of a row carry `data-button` */
export function useGridFocus(
  rows: RefObject<HTMLElement | null>,
  symbols: readonly string[],
  reveal: (row: number) => void,
): GridFocus {
  const [{ focused, isShown }, setFocus] = useState<Pick<GridFocus, 'focused' | 'isShown'>>(NO_FOCUS)
  const target = useRef<GridPlace>(undefined)
  useLayoutEffect(() => {
    if (target.current === undefined) return
    const { row, button } = target.current
    target.current = undefined
    const selector = `[data-symbol="${symbols[row]}"] [data-button=${button}]`
    rows.current?.querySelector<HTMLElement>(selector)?.focus({ preventScroll: true })
  })
  return {
    focused,
    isShown,
    handlers: {
      onKeyDown(event) {
        const place = placeOf(event.target as HTMLElement, symbols)
        const next = place && movedFocus(event.key, place, symbols.length)
        if (next === undefined) return
        event.preventDefault()
        target.current = next
        reveal(next.row)
        // Draws the row; the effect gives it the focus.
        setFocus({ focused: symbols[next.row]!, isShown: true })
      },
      onFocus({ target: element }) {
        const symbol = symbolOf(element)
        if (symbol !== undefined) setFocus({ focused: symbol, isShown: element.matches(':focus-visible') })
      },
      onBlur({ currentTarget, relatedTarget }) {
        if (!currentTarget.contains(relatedTarget)) setFocus(NO_FOCUS)
      },
    },
  }
}

const NO_FOCUS = { focused: null, isShown: false } as const

function symbolOf(element: Element): string | undefined {
  return element.closest<HTMLElement>('[data-symbol]')?.dataset.symbol
}

function placeOf(element: HTMLElement, symbols: readonly string[]): GridPlace | undefined {
  const button = ROW_BUTTONS.find(one => one === element.dataset.button)
  const row = symbols.indexOf(symbolOf(element) ?? '')
  return button === undefined || row < 0 ? undefined : { row, button }
}
