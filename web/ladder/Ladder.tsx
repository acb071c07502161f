// The price ladder of an instrument: fixed prices around the touch, with the book, the own orders and the traded volume
// at each. A press fills the ticket and sends nothing; own orders are moved and canceled here.

'use client'

import type { Instrument, Side } from '@papertape/protocol'
import { type KeyboardEvent, type RefObject, useMemo, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { usePreference } from '../dashboard/use-preference.tsx'
import { priceOf } from '../market/price-groups.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import { loadPart } from '../ui/load-part.tsx'
import { Empty } from '../ui/Panel.tsx'
import { bookNote } from './book-note.ts'
import depth from './DepthChart.module.css'
import css from './Ladder.module.css'
import { focusLadder, type GridActions, type GridPosition, LadderGrid } from './LadderGrid.tsx'
import { LadderTools } from './LadderTools.tsx'
import { type LadderAction, ladderAction } from './ladder-keys.ts'
import { LADDER_OPTIONS } from './ladder-options.ts'
import { ladderRows, ownInBook, ownSideAt } from './ladder-rows.ts'
import { touchOf } from './ladder-view.ts'
import { OwnOrdersBar } from './OwnOrdersBar.tsx'
import { isCoarse, useHeight, useLadderView } from './use-ladder-view.tsx'
import { useOwnMove } from './use-own-move.tsx'

/** As high as the chart: the rows do not move when it comes. */
const LOADING_DEPTH = (
  <div className={depth.depth}>
    <div className={depth.chart} />
    <div className={depth.foot} />
  </div>
)
const DepthChart = loadPart(async () => (await import('./DepthChart.tsx')).DepthChart, LOADING_DEPTH)

interface LadderProps {
  readonly instrument: Instrument
  readonly onPicked: (() => void) | undefined
}

/** The rows and the depth chart have room enough beneath each other; the rows for a finger are higher. */
const BOTH_PX = { fine: 350, coarse: 560 } as const

export function Ladder({ instrument, onPicked }: LadderProps) {
  const { ticket } = useDashboard()
  const [options, setOptions] = usePreference(LADDER_OPTIONS)
  const { figures } = options
  const room = useRef<HTMLDivElement>(null)
  const stage = useRef<HTMLDivElement>(null)
  const hasBoth = useHeight(stage) >= (isCoarse() ? BOTH_PX.coarse : BOTH_PX.fine)
  const shows = hasBoth ? 'both' : options.shows
  const table = useRef<HTMLTableElement>(null)
  const { book, note, grid, rows, view, control, onOver, onFocus } = useLadder(instrument, options.groupTicks, room)
  const { symbol, priceDecimals: decimals } = instrument
  const { chosen } = control
  const [wasPressed, setPressed] = useState(false)

  const pick = ({ group, column }: GridPosition) => {
    if (column !== 'price') ticket.change({ side: column === 'bid' ? 'buy' : 'sell' })
    ticket.pickPrice(priceOf(group, grid).toFixed(decimals))
    onPicked?.()
  }
  const choose = (side: Side, group: number, byPress: boolean) => {
    setPressed(byPress)
    control.choose(side, group)
  }
  const step = (from: number, rowsUp: number) => {
    const to = Math.max(1, from + rowsUp)
    control.moveTo(to)
    view.reveal(to)
  }
  const act = (action: LadderAction, { group, column }: GridPosition) => {
    const side = ownSideAt(rows, group, column)
    if (action.type === 'recentre') view.recentre()
    else if (action.type === 'enter') control.byKey('replace')
    else if (action.type === 'abort') control.abort()
    else if (action.type === 'cancel' && side !== undefined) control.byKey('cancel', { side, from: group, to: group })
    else if (action.type === 'step' && chosen !== undefined) step(chosen.to, action.rows)
    else if (action.type === 'step' && side !== undefined) {
      choose(side, group, false)
      step(group, action.rows)
    }
  }
  const focusRows = () => focusLadder(table.current)
  const keysOfBar = (event: KeyboardEvent) => {
    const action = ladderAction(event)
    const isButton = event.target !== event.currentTarget
    if (chosen === undefined || action === undefined || (isButton && action.type === 'enter')) return
    event.preventDefault()
    if (action.type === 'focus') step(chosen.to, action.rows)
    else if (action.type === 'cancel') control.byKey('cancel')
    else act(action, { group: chosen.from, column: 'price' })
    if (action.type !== 'focus' && action.type !== 'step') focusRows()
  }
  const actions: GridActions = {
    onPick: pick,
    onOpen: (side, group) => choose(side, group, true),
    onChoose: (side, group) => choose(side, group, false),
    onMoveTo: control.moveTo,
    onDrop: control.send,
    onAbort: control.abort,
    onScroll: view.scroll,
    onReveal: view.reveal,
    onAction: act,
    onOver,
    onFocus,
  }
  const showTable = () => {
    // The rows may be hidden, and take no focus before they are shown.
    flushSync(() => setOptions({ ...options, figures: 'total', shows: 'rows' }))
    focusRows()
  }

  return (
    <div className={css.body}>
      {chosen === undefined ? (
        <LadderTools
          {...{ instrument, options, hasBoth }}
          isAway={view.isAway}
          onOptions={setOptions}
          onRecentre={view.recentre}
        />
      ) : (
        <OwnOrdersBar
          {...{ chosen, control, decimals }}
          takesFocus={wasPressed}
          onKeyDown={keysOfBar}
          onLeave={focusRows}
        />
      )}
      <p className={css.note} data-testid="ladder-note">
        {chosen?.refusal ?? note}
      </p>
      <div className={css.stage} ref={stage} data-shows={shows}>
        <div className={css.room} ref={room}>
          {view.isKnown ? (
            <LadderGrid {...{ table, symbol, rows, decimals, figures, chosen, actions }} />
          ) : (
            <Empty>The order book is empty.</Empty>
          )}
        </div>
        {shows !== 'rows' && (
          <DepthChart {...{ book, instrument, grid }} top={view.top} bottom={view.bottom} onTable={showTable} />
        )}
      </div>
    </div>
  )
}

/** What the ladder shows: rows that stay while a pointer is over it, it has the focus, or own orders are chosen. */
function useLadder(instrument: Instrument, groupTicks: number, room: RefObject<HTMLElement | null>) {
  const { depth, volume, desk, store } = useDashboard()
  const { symbol, tickSize, priceDecimals: decimals } = instrument
  const book = useObservable(depth.state)
  const traded = useObservable(volume.state)
  const { orders } = useObservable(desk.state)
  const { phase, auction, last, previousClose } = useObservable(store.tradeSummary(symbol))
  const [isOver, onOver] = useState(false)
  const [isFocused, onFocus] = useState(false)
  const grid = useMemo(() => ({ tickSize, decimals, groupTicks }), [tickSize, decimals, groupTicks])
  const own = useMemo(() => ownInBook(orders, symbol), [orders, symbol])
  const control = useOwnMove(own, book, instrument, grid)
  const indicative = auction?.price ?? null
  const touchIn = (count: number) => touchOf(book, indicative ?? last ?? previousClose, grid, count)
  const isHeld = isOver || isFocused || control.chosen !== undefined
  const view = useLadderView(room, `${symbol} ${groupTicks}`, touchIn, isHeld)
  const { top, count } = view
  const rows = useMemo(
    () => ladderRows({ bids: book.bids, asks: book.asks, own, volume: traded, indicative }, { grid, top, count }),
    [book, own, traded, indicative, grid, top, count],
  )
  const note = bookNote({ phase, auction, book, decimals })
  return { book, note, grid, rows, view, control, onOver, onFocus }
}
