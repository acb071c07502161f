// The order book of the chosen instrument: a ladder of the best levels, and the whole depth as a chart beneath it. A click
// on a level puts its price into the ticket.

'use client'

import { type CSSProperties, type RefObject, useEffect, useRef, useState } from 'react'
import { DepthChart } from '../charts/DepthChart.tsx'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { formatPrice, formatSize, NOTHING } from '../format/format.ts'
import { type BookProof, type Depth, type DepthLevel, fullBarSize } from '../market/depth.ts'
import { useCell } from '../reactive/use-observable.tsx'
import css from '../ui/lists.module.css'
import { Empty, Panel } from '../ui/Panel.tsx'
import { moveFocus } from '../ui/roving-focus.ts'
import { useMarketDoubt } from '../ui/use-staleness.tsx'

const LEVELS = { least: 4, most: 20 } as const
/** As in lists.module.css: a finger needs more. */
const ROW_PX = { fine: 24, coarse: 32 } as const
/** What the ladder needs besides its levels: the head and the spread. */
const FIXED_PX = 50

const PROOFS: Readonly<Record<BookProof, { text: string; says: string }>> = {
  waiting: { text: '', says: 'Waiting for a snapshot of the book' },
  verified: { text: '✓ verified', says: "The checksum of our book is the exchange's own" },
  old: { text: 'may be old', says: 'The book may have changed unseen since it was last proved' },
  gap: { text: 'resyncing…', says: 'A change was missed; a new snapshot has been asked for' },
}

export function DepthPanel({ className, onPicked }: { readonly className?: string; readonly onPicked?: () => void }) {
  const { depth, store, ticket } = useDashboard()
  const book = useCell(depth.cell)
  const instrument = store.instrument(book.symbol)
  const decimals = instrument?.priceDecimals ?? 2
  const pick = (price: number) => {
    ticket.change({ orderType: 'limit', price: price.toFixed(decimals) })
    onPicked?.()
  }
  const room = useRef<HTMLDivElement>(null)
  const levels = useLevels(room)
  const empty = book.bids.length === 0 && book.asks.length === 0
  return (
    <Panel title="Depth" feeds={['depth']} className={className} testId="depth" tools={<Proof proof={book.proof} />}>
      <div className={css.scroll} ref={room}>
        {empty ? (
          <Empty>{book.proof === 'waiting' ? 'Waiting for the book…' : 'The book is empty.'}</Empty>
        ) : (
          <Ladder book={book} levels={levels} decimals={decimals} onPick={pick} />
        )}
      </div>
      <DepthChart />
    </Panel>
  )
}

/** As many levels as there is room for, so that the spread stays in the middle and nothing has to be scrolled. */
function useLevels(room: RefObject<HTMLElement | null>): number {
  const [levels, setLevels] = useState<number>(12)
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      const rowPx = matchMedia('(pointer: coarse)').matches ? ROW_PX.coarse : ROW_PX.fine
      const fits = Math.floor((entry!.contentRect.height - FIXED_PX) / rowPx / 2)
      setLevels(Math.min(LEVELS.most, Math.max(LEVELS.least, fits)))
    })
    observer.observe(room.current!)
    return () => observer.disconnect()
  }, [room])
  return levels
}

/** `verified` is said of the present alone: not of a book whose feed is silent, nor of one that stands still on purpose. */
function Proof({ proof: proved }: { readonly proof: BookProof }) {
  const { frozen } = useDashboard()
  const isDoubted = useMarketDoubt()
  const isFrozen = useCell(frozen) !== null
  const proof = proved === 'verified' && (isDoubted || isFrozen) ? 'old' : proved
  const { text, says } = PROOFS[proof]
  return (
    <span className={css.proof} data-proof={proof} data-testid="book-proof" title={says}>
      {text}
    </span>
  )
}

interface LadderProps {
  readonly book: Depth
  readonly levels: number
  readonly decimals: number
  readonly onPick: (price: number) => void
}

function Ladder({ book, levels, decimals, onPick }: LadderProps) {
  const asks = book.asks.slice(0, levels)
  const bids = book.bids.slice(0, levels)
  const full = fullBarSize([...asks, ...bids])
  const spread = asks[0] !== undefined && bids[0] !== undefined ? asks[0].price - bids[0].price : undefined
  const row = (level: DepthLevel | undefined, side: 'bid' | 'ask', at: number) => (
    <Level
      key={`${side}${at}`}
      level={level}
      side={side}
      full={full}
      decimals={decimals}
      best={at === 0}
      onPick={onPick}
    />
  )
  const places = Array.from({ length: levels }, (_, at) => at)
  return (
    <table className={`${css.figures} ${css.ladder}`} onKeyDown={moveFocus}>
      <caption className="heard">
        Order book of {book.symbol}: offers above, bids below, the best in the middle. Enter puts a price into the
        ticket.
      </caption>
      <thead>
        <tr>
          <th scope="col" className="num">
            Price
          </th>
          <th scope="col" className="num">
            Size
          </th>
          <th scope="col" className="num">
            Total
          </th>
        </tr>
      </thead>
      <tbody>{places.toReversed().map(at => row(asks[at], 'ask', at))}</tbody>
      <tbody>
        <tr className={css.middle}>
          <td className={css.faint} colSpan={3}>
            Spread {spread === undefined ? NOTHING : formatPrice(spread, decimals)}
          </td>
        </tr>
      </tbody>
      <tbody>{places.map(at => row(bids[at], 'bid', at))}</tbody>
    </table>
  )
}

interface LevelProps {
  readonly level: DepthLevel | undefined
  readonly side: 'bid' | 'ask'
  readonly full: number
  readonly decimals: number
  readonly best: boolean
  readonly onPick: (price: number) => void
}

function Level({ level, side, full, decimals, best, onPick }: LevelProps) {
  // An empty place keeps its height, or the spread would jump about.
  if (level === undefined) {
    return (
      <tr>
        <td colSpan={3} />
      </tr>
    )
  }
  return (
    <tr className={css.level}>
      <td className={`num ${side === 'bid' ? 'up' : 'down'}`}>
        <button
          type="button"
          className={css.pick}
          data-stop
          tabIndex={best ? 0 : -1}
          aria-label={`${side === 'bid' ? 'Bid' : 'Offer'} ${formatPrice(level.price, decimals)}: into the ticket`}
          onClick={() => onPick(level.price)}
        >
          {formatPrice(level.price, decimals)}
        </button>
      </td>
      <td className={`num ${css.size}`}>
        <span
          className={css.bar}
          data-side={side}
          style={{ '--share': Math.min(1, level.size / full).toFixed(3) } as CSSProperties}
        />
        <span className={css.over}>{formatSize(level.size)}</span>
      </td>
      <td className={`num ${css.faint}`}>{formatSize(level.total)}</td>
    </tr>
  )
}
