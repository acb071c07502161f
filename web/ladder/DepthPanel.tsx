// The order book of the selected instrument: a ladder of the best levels, and the depth chart beneath. A click on a
// level copies its price to the ticket.

'use client'

import { type CSSProperties, type RefObject, useEffect, useRef, useState } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { formatPrice, formatSize, NOTHING } from '../format/format.ts'
import { type BookProof, type DepthLevel, type DepthState, fullBarSize } from '../market/depth.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import css from '../ui/lists.module.css'
import { Empty, Panel } from '../ui/Panel.tsx'
import { moveFocus } from '../ui/roving-focus.ts'
import { useMarketStaleness } from '../ui/use-staleness.tsx'
import { DepthChart } from './DepthChart.tsx'

const LEVELS = { min: 4, max: 20 } as const
/** As in lists.module.css: higher for touch. */
const ROW_PX = { fine: 24, coarse: 32 } as const
/** The height of the ladder besides its levels: head and spread. */
const FIXED_PX = 50

const PROOFS: Readonly<Record<BookProof, { text: string; hint: string }>> = {
  waiting: { text: '', hint: 'Waiting for the order book' },
  verified: { text: '✓ verified', hint: 'The checksum of this book matches that of the exchange' },
  stale: { text: 'may be old', hint: 'The book may have changed since it was last verified' },
  gap: { text: 'resyncing…', hint: 'A change was missed. Requesting a new snapshot…' },
}

export function DepthPanel({ className, onPicked }: { readonly className?: string; readonly onPicked?: () => void }) {
  const { depth, store, ticket } = useDashboard()
  const book = useObservable(depth.state)
  const instrument = store.instrument(book.symbol)
  const decimals = instrument?.priceDecimals ?? 2
  const pick = (price: number) => {
    ticket.pickPrice(price.toFixed(decimals))
    onPicked?.()
  }
  const room = useRef<HTMLDivElement>(null)
  const levels = useLevels(room)
  const empty = book.bids.length === 0 && book.asks.length === 0
  return (
    <Panel title="Depth" feeds={['depth']} className={className} testId="depth" tools={<Proof proof={book.proof} />}>
      <div className={css.scroll} ref={room}>
        {empty ? (
          <Empty>{book.proof === 'waiting' ? 'Loading the order book…' : 'The order book is empty.'}</Empty>
        ) : (
          <Ladder book={book} levels={levels} decimals={decimals} onPick={pick} />
        )}
      </div>
      <DepthChart />
    </Panel>
  )
}

/** As many levels as fit, so that the spread stays in the middle and nothing scrolls. */
function useLevels(room: RefObject<HTMLElement | null>): number {
  const [levels, setLevels] = useState<number>(12)
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      const rowPx = matchMedia('(pointer: coarse)').matches ? ROW_PX.coarse : ROW_PX.fine
      const fits = Math.floor((entry!.contentRect.height - FIXED_PX) / rowPx / 2)
      setLevels(Math.min(LEVELS.max, Math.max(LEVELS.min, fits)))
    })
    observer.observe(room.current!)
    return () => observer.disconnect()
  }, [room])
  return levels
}

/** A book is shown as verified only while it is current: not while its feed is stale or the screen is frozen. */
function Proof({ proof: stored }: { readonly proof: BookProof }) {
  const { frozen } = useDashboard()
  const isStale = useMarketStaleness()
  const isFrozen = useObservable(frozen) !== null
  const proof = stored === 'verified' && (isStale || isFrozen) ? 'stale' : stored
  const { text, hint } = PROOFS[proof]
  return (
    <span className={css.proof} data-proof={proof} data-testid="book-proof" title={hint}>
      {text}
    </span>
  )
}

interface LadderProps {
  readonly book: DepthState
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
  const rows = Array.from({ length: levels }, (_, at) => at)
  return (
    <table className={`${css.figures} ${css.ladder}`} onKeyDown={moveFocus}>
      <caption className="visually-hidden">
        Order book of {book.symbol}: offers above, bids below, the best prices in the middle. Press Enter to copy a
        price to the ticket.
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
      <tbody>{rows.toReversed().map(at => row(asks[at], 'ask', at))}</tbody>
      <tbody>
        <tr className={css.middle}>
          <td className={css.faint} colSpan={3}>
            Spread {spread === undefined ? NOTHING : formatPrice(spread, decimals)}
          </td>
        </tr>
      </tbody>
      <tbody>{rows.map(at => row(bids[at], 'bid', at))}</tbody>
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
  // An empty row keeps its height, so that the spread does not move.
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
          aria-label={`${side === 'bid' ? 'Bid' : 'Offer'} ${formatPrice(level.price, decimals)}, copy to ticket`}
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
