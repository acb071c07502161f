// The layout of the trading screen. A narrow screen shows one group of panels at a time, selected by the bar at the
// bottom.

'use client'

import { useState } from 'react'
import { AccountPanel } from '../account/AccountPanel.tsx'
import { InstrumentHeader } from '../instrument/InstrumentHeader.tsx'
import { LadderPanel } from '../ladder/LadderPanel.tsx'
import { ChartPanel } from '../price-chart/ChartPanel.tsx'
import { TapePanel } from '../tape/TapePanel.tsx'
import { TicketPanel } from '../ticket/TicketPanel.tsx'
import { Watchlist } from '../watchlist/Watchlist.tsx'
import css from './trading.module.css'

const VIEWS = {
  markets: 'Markets',
  chart: 'Chart',
  book: 'Book',
  trade: 'Trade',
  account: 'Account',
} as const
type View = keyof typeof VIEWS

export function TradingScreen() {
  const [view, setView] = useState<View>('chart')
  return (
    <>
      <div className={css.grid} data-view={view}>
        <InstrumentHeader className={css.headline!} />
        <Watchlist className={css.ticker!} onSelected={() => setView('chart')} />
        <ChartPanel className={css.chart!} />
        <LadderPanel className={css.depth!} onPicked={() => setView('trade')} />
        <TapePanel className={css.tape!} />
        <TicketPanel className={css.ticket!} />
        <AccountPanel className={css.blotter!} />
      </div>
      <nav className={css.views} aria-label="Panels">
        {(Object.keys(VIEWS) as View[]).map(one => (
          <button key={one} type="button" aria-current={one === view ? 'true' : undefined} onClick={() => setView(one)}>
            {VIEWS[one]}
          </button>
        ))}
      </nav>
    </>
  )
}
