// The rows of the ladder as a grid: own size, bid, price, offer, own size. One cell is in the tab order, the arrows
// move the focus. Says what a person does; Ladder.tsx does it.

'use client'

import type { Side } from '@papertape/protocol'
import {
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  type RefObject,
  useEffect,
  useRef,
  useState,
} from 'react'
import { steadyMaximum } from '../charts/depth-shape.ts'
import { fullBarSize } from '../market/depth.ts'
import css from './Ladder.module.css'
import { LadderRow } from './LadderRow.tsx'
import { columnBeside, type LadderAction, type LadderColumn, ladderAction } from './ladder-keys.ts'
import type { LadderRow as Row } from './ladder-rows.ts'
import { type PointerActions, useLadderPointer } from './use-ladder-pointer.tsx'
import type { ChosenOrders } from './use-own-move.tsx'

export interface GridPosition {
  readonly group: number
  readonly column: LadderColumn
}

export interface GridActions extends PointerActions {
  onPick(cell: GridPosition): void
  /** A press on own orders. */
  onOpen(side: Side, group: number): void
  /** A key other than those that move the focus. */
  onAction(action: LadderAction, cell: GridPosition): void
  /** The focus goes to a row that may be out of view. */
  onReveal(group: number): void
  onOver(isOver: boolean): void
  onFocus(isFocused: boolean): void
}

interface LadderGridProps {
  readonly table: RefObject<HTMLTableElement | null>
  readonly symbol: string
  readonly rows: readonly Row[]
  readonly decimals: number
  readonly figures: 'size' | 'total'
  readonly chosen: ChosenOrders | undefined
  readonly actions: GridActions
}

export function LadderGrid({ table, symbol, rows, decimals, figures, chosen, actions }: LadderGridProps) {
  const [active, setActive] = useState<GridPosition>()
  const focusNext = useRef(false)
  const hasFocus = useRef(false)
  const pointer = useLadderPointer(table, actions)
  const scale = useBarScale(rows, figures)
  const mostTraded = Math.max(0, ...rows.map(({ traded }) => traded))
  const stop = active !== undefined && rows.some(row => row.group === active.group) ? active : firstStop(rows)

  // After a key that moves the focus, and when the focused row has been scrolled out of view.
  useEffect(() => {
    const isLost = hasFocus.current && document.activeElement === document.body
    if (focusNext.current || isLost) focusLadder(table.current)
    focusNext.current = false
  })

  const focusCell = (cell: GridPosition) => {
    focusNext.current = true
    setActive(cell)
    actions.onReveal(cell.group)
  }
  const keys = (event: KeyboardEvent) => {
    const cell = cellOf(event.target)
    const action = ladderAction(event)
    if (cell === undefined || action === undefined) return
    // Without own orders to send, Enter is a click.
    if (action.type === 'enter' && chosen === undefined) return
    event.preventDefault()
    if (action.type === 'recentre') {
      focusNext.current = true
      setActive(undefined)
    }
    if (action.type === 'focus') {
      focusCell({
        group: Math.max(1, cell.group + action.rows),
        column: columnBeside(cell.column, action.columns),
      })
      return
    }
    actions.onAction(action, cell)
    // The focus goes with the orders that were moved.
    if (action.type === 'enter' && chosen !== undefined) focusCell({ ...cell, group: chosen.to })
  }
  const press = (event: MouseEvent) => {
    const own = (event.target as HTMLElement).closest<HTMLElement>('[data-own]')
    const cell = cellOf(event.target)
    if (own !== null) actions.onOpen(own.dataset.own === 'sell' ? 'sell' : 'buy', groupOfRow(own))
    else if (cell !== undefined) actions.onPick(cell)
  }
  const focus = (event: FocusEvent) => {
    const cell = cellOf(event.target)
    if (cell !== undefined) setActive(cell)
    // A press with the mouse focuses as well, but leaves the rows free to move.
    actions.onFocus((event.target as HTMLElement).matches(':focus-visible'))
    hasFocus.current = true
  }
  const blur = () => {
    hasFocus.current = false
    actions.onFocus(false)
  }

  return (
    <table
      ref={table}
      className={css.ladder}
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose cells take the focus is a grid
      role="grid"
      data-testid="ladder"
      onKeyDown={keys}
      onClick={press}
      onFocus={focus}
      onBlur={blur}
      onPointerEnter={event => actions.onOver(event.pointerType !== 'touch')}
      onPointerLeave={() => actions.onOver(false)}
      {...pointer}
    >
      <caption className="visually-hidden">
        Price ladder of {symbol}. Enter copies the price to the ticket, in the columns Bid and Offer with the side.
      </caption>
      <Columns />
      <tbody>
        {/* A row is a place: when the ladder recentres, figures change and nothing moves. */}
        {rows.map((row, at) => (
          <LadderRow
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            key={at}
            {...row}
            decimals={decimals}
            figures={figures}
            bidShare={shareOf(figures === 'total' ? row.bidTotal : row.bid, scale)}
            askShare={shareOf(figures === 'total' ? row.askTotal : row.ask, scale)}
            tradedShare={shareOf(row.traded, mostTraded)}
            stop={row.group === stop?.group ? stop.column : undefined}
            chosen={row.group === chosen?.from ? chosen.side : undefined}
            target={row.group === chosen?.to && chosen.to !== chosen.from ? chosen.side : undefined}
            targetSize={row.group === chosen?.to ? sizeOf(chosen) : 0}
          />
        ))}
      </tbody>
    </table>
  )
}

function Columns() {
  return (
    <>
      <colgroup>
        <col className={css.ownColumn} />
        <col />
        <col className={css.priceColumn} />
        <col />
        <col className={css.ownColumn} />
      </colgroup>
      <thead>
        <tr className={css.head}>
          <th scope="col" title="The open size of your buy orders">
            Own
          </th>
          <th scope="col" className={css.bidHead}>
            Bid
          </th>
          <th scope="col" title="The stroke beneath a price: how much has traded there">
            Price
          </th>
          <th scope="col" className={css.askHead}>
            Offer
          </th>
          <th scope="col" title="The open size of your sell orders">
            Own
          </th>
        </tr>
      </thead>
    </>
  )
}

/** Focuses the cell that is in the tab order. */
export function focusLadder(table: HTMLTableElement | null): void {
  table?.querySelector<HTMLElement>('[data-cell][tabindex="0"]')?.focus()
}

/** The figure of the longest bar. Changes only when it has to. */
function useBarScale(rows: readonly Row[], figures: 'size' | 'total'): number {
  const [kept, setKept] = useState({ figures, most: 0 })
  const most =
    figures === 'total'
      ? Math.max(0, ...rows.flatMap(({ bidTotal, askTotal }) => [bidTotal, askTotal]))
      : fullBarSize(rows.flatMap(({ bid, ask }) => [bid, ask]).filter(size => size > 0))
  const next = steadyMaximum(most, kept.figures === figures ? kept.most : 0)
  if (next !== kept.most || figures !== kept.figures) setKept({ figures, most: next })
  return next
}

/** The best bid, else the row in the middle. */
function firstStop(rows: readonly Row[]): GridPosition | undefined {
  const best = rows.find(({ place }) => place === 'bestBid' || place === 'bestBoth') ?? rows[rows.length >> 1]
  return best && { group: best.group, column: 'price' }
}

function cellOf(target: EventTarget): GridPosition | undefined {
  const cell = (target as HTMLElement).closest<HTMLElement>('[data-cell]')
  return cell === null ? undefined : { group: groupOfRow(cell), column: cell.dataset.cell as LadderColumn }
}

function groupOfRow(element: HTMLElement): number {
  return Number(element.closest('tr')!.dataset.group)
}

/** Rounded, so that a row is not rendered for less than is seen. */
function shareOf(size: number, most: number): number {
  return most === 0 ? 0 : Math.round(Math.min(1, size / most) * 200) / 200
}

function sizeOf({ orders }: ChosenOrders): number {
  return orders.reduce((sum, { leavesSize }) => sum + leavesSize, 0)
}
