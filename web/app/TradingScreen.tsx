// The trading screen: the panels of the selected layout, and the splitters between them. A narrow screen shows one
// group of panels at a time, selected by the bar at the bottom. trading.module.css says where a panel lies.

'use client'

import { type ReactNode, useEffect, useState } from 'react'
import { AccountPanel } from '../account/AccountPanel.tsx'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { usePreference } from '../dashboard/use-preference.tsx'
import { InstrumentHeader } from '../instrument/InstrumentHeader.tsx'
import { LadderPanel } from '../ladder/LadderPanel.tsx'
import { ARRANGEMENT, applyArrangement, LAYOUTS, type ScreenPanel, SIZES, type SizeName } from '../layout/layouts.ts'
import { Splitter, slotId } from '../layout/Splitter.tsx'
import { type ScreenWidth, useScreenWidth } from '../layout/use-screen-width.tsx'
import { NewsPanel } from '../news/NewsPanel.tsx'
import { ChartPanel } from '../price-chart/ChartPanel.tsx'
import { UnreadCount } from '../rooms/UnreadCount.tsx'
import { TapePanel } from '../tape/TapePanel.tsx'
import { TicketPanel } from '../ticket/TicketPanel.tsx'
import { loadPart } from '../ui/load-part.tsx'
import { Empty, ExplainTransports, Panel } from '../ui/Panel.tsx'
import { Watchlist } from '../watchlist/Watchlist.tsx'
import css from './trading.module.css'

const VIEWS = {
  markets: 'Markets',
  chart: 'Chart',
  book: 'Book',
  trade: 'Order',
  account: 'Account',
  rooms: 'Rooms',
} as const
type View = keyof typeof VIEWS

interface PlacedPanel {
  /** Another panel of the same place; the screen shows one of them where it is too narrow for both. */
  readonly tab?: string
  render(screen: { readonly width: ScreenWidth; readonly isBehind: boolean; setView(view: View): void }): ReactNode
}

const RoomsPanel = loadPart(
  async () => (await import('../rooms/RoomsPanel.tsx')).RoomsPanel,
  <Panel title="Rooms" feeds={['rooms']}>
    <Empty>Loading…</Empty>
  </Panel>,
)

/** The columns of a wide screen. One more panel is one more line here, and its name in the layouts that have it. */
const COLUMNS: Readonly<Record<'left' | 'centre' | 'right', Readonly<Partial<Record<ScreenPanel, PlacedPanel>>>>> = {
  left: {
    watchlist: { render: ({ setView }) => <Watchlist onSelected={() => setView('chart')} /> },
  },
  centre: {
    headline: { render: () => <InstrumentHeader /> },
    chart: { render: () => <ChartPanel /> },
    account: { render: ({ width }) => <Dock isDesktop={width === 'desktop'} /> },
  },
  right: {
    ladder: { tab: 'Ladder', render: ({ setView }) => <LadderPanel onPicked={() => setView('trade')} /> },
    tape: { tab: 'Tape', render: () => <TapePanel /> },
    news: { tab: 'News', render: () => <NewsPanel /> },
    rooms: { tab: 'Rooms', render: ({ isBehind }) => !isBehind && <RoomsPanel /> },
    ticket: { render: () => <TicketPanel /> },
  },
}
type Column = keyof typeof COLUMNS
const panelsOf = (column: Column) => Object.entries(COLUMNS[column]) as [ScreenPanel, PlacedPanel][]
const TABS = panelsOf('right').filter(([, { tab }]) => tab !== undefined)

export function TradingScreen() {
  const { layout } = useArrangement()
  const width = useScreenWidth()
  const [view, setView] = useState<View>('chart')
  const [tab, setTab] = useState<ScreenPanel>('ladder')
  const inLayout: readonly ScreenPanel[] = LAYOUTS[layout].panels
  const isShown = (panel: ScreenPanel) => width === 'phone' || inLayout.includes(panel)
  const column = (name: Column) =>
    panelsOf(name)
      .filter(([panel]) => isShown(panel))
      .map(([panel, { tab: title, render }]) => {
        const isBehind = title !== undefined && panel !== (width === 'phone' ? view : tab)
        return (
          <div key={panel} id={slotId(panel)} className={`${css.slot} ${css[panel]}`} data-behind={isBehind}>
            {render({ width, isBehind, setView })}
          </div>
        )
      })
  const splitter = (size: SizeName) => {
    const panel = SIZES[size].panels.find(one => inLayout.includes(one))
    return width === 'desktop' && panel !== undefined ? (
      <Splitter key={`${size} of ${panel}`} size={size} panel={panel} className={css[`${size}Edge`]} />
    ) : null
  }

  return (
    <ExplainTransports value={layout === 'learn'}>
      <div className={css.grid} data-view={view}>
        <div className={css.left}>
          {column('left')}
          {splitter('left')}
        </div>
        <div className={css.centre}>
          {column('centre')}
          {splitter('dock')}
        </div>
        <div className={css.right}>
          <fieldset className={css.tabs} aria-label="Above the ticket" data-testid="upper-panels">
            {TABS.map(([panel, { tab: title }]) => (
              <button key={panel} type="button" aria-pressed={panel === tab} onClick={() => setTab(panel)}>
                {title}
                {panel === 'rooms' && <UnreadCount />}
              </button>
            ))}
          </fieldset>
          {isShown('rooms') && <LowerTabs tab={tab} onOpen={setTab} />}
          {column('right')}
          {splitter('right')}
          {splitter('side')}
          {splitter('lower')}
        </div>
      </div>
      <nav className={css.views} aria-label="Panels">
        {(Object.keys(VIEWS) as View[]).map(one => (
          <button key={one} type="button" aria-current={one === view ? 'true' : undefined} onClick={() => setView(one)}>
            {VIEWS[one]}
            {one === 'rooms' && <UnreadCount />}
          </button>
        ))}
      </nav>
    </ExplainTransports>
  )
}

interface LowerTabsProps {
  readonly tab: ScreenPanel
  readonly onOpen: (tab: ScreenPanel) => void
}

/** The widest screens show ladder and tape at once; news and rooms share the place beside the ticket. */
function LowerTabs({ tab, onOpen }: LowerTabsProps) {
  return (
    <fieldset className={`${css.tabs} ${css.lowerTabs}`} aria-label="Beside the ticket" data-testid="lower-panels">
      <button type="button" aria-pressed={tab !== 'rooms'} onClick={() => onOpen('news')}>
        News
      </button>
      <button type="button" aria-pressed={tab === 'rooms'} onClick={() => onOpen('rooms')}>
        Rooms
        <UnreadCount />
      </button>
    </fieldset>
  )
}

/** The arrangement, applied to the document. */
function useArrangement() {
  const { preferences } = useDashboard()
  const [arrangement] = usePreference(ARRANGEMENT)
  useEffect(() => {
    const stored = preferences.of(ARRANGEMENT)
    const apply = () => applyArrangement(document.documentElement, stored.get())
    apply()
    return stored.subscribe(apply)
  }, [preferences])
  return arrangement
}

/** The account collapses to its head where it is a dock beneath the chart. */
function Dock({ isDesktop }: { readonly isDesktop: boolean }) {
  const [arrangement, arrange] = usePreference(ARRANGEMENT)
  if (!isDesktop) return <AccountPanel />
  return (
    <AccountPanel
      collapsed={arrangement.dock === 'collapsed'}
      onCollapsedChange={collapsed => arrange({ ...arrangement, dock: collapsed ? 'collapsed' : 'open' })}
    />
  )
}
