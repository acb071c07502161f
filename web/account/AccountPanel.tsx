// The account dock: tabs for open orders, history, fills, positions, ledger and alerts, the balances beneath. It
// collapses to its header, which then has equity and profit. app/TradingScreen.tsx places it and keeps whether it is
// collapsed.

'use client'

import { type KeyboardEvent, type ReactNode, useState } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { useAlerts } from '../dashboard/use-alerts.tsx'
import { useObservable } from '../reactive/use-observable.tsx'
import { loadPart } from '../ui/load-part.tsx'
import panel from '../ui/Panel.module.css'
import { Empty, Panel } from '../ui/Panel.tsx'
import { SubmissionResult } from '../ui/SubmissionResult.tsx'
import { AccountButton } from './AccountButton.tsx'
import css from './AccountPanel.module.css'
import { Balance, BalanceSummary } from './Balance.tsx'
import { OpenOrders } from './OpenOrders.tsx'

const LOADING = <Empty>Loading…</Empty>
const History = loadPart(async () => (await import('./History.tsx')).History, LOADING)
const Fills = loadPart(async () => (await import('./Fills.tsx')).Fills, LOADING)
const Positions = loadPart(async () => (await import('./Positions.tsx')).Positions, LOADING)
const Ledger = loadPart(async () => (await import('./ledger/Ledger.tsx')).Ledger, LOADING)
const AlertList = loadPart(async () => (await import('./alerts/AlertList.tsx')).AlertList, LOADING)

const TABS = ['open-orders', 'history', 'fills', 'positions', 'ledger', 'alerts'] as const
type Tab = (typeof TABS)[number]

const CONTENTS: Readonly<Record<Tab, (isShown: boolean) => ReactNode>> = {
  'open-orders': () => <OpenOrders />,
  history: () => <History />,
  fills: () => <Fills />,
  positions: () => <Positions />,
  ledger: () => <Ledger />,
  alerts: isShown => <AlertList isShown={isShown} />,
}

interface AccountPanelProps {
  readonly className?: string
  readonly collapsed?: boolean
  /** Absent: it does not collapse. */
  readonly onCollapsedChange?: (collapsed: boolean) => void
}

export function AccountPanel({ className = '', collapsed = false, onCollapsedChange }: AccountPanelProps) {
  const [tab, setTab] = useState<Tab>('open-orders')
  const open = (one: Tab) => {
    setTab(one)
    if (collapsed) onCollapsedChange?.(false)
  }
  const tools = (
    <>
      {collapsed && <BalanceSummary />}
      <Tabs tab={tab} onOpen={open} />
      <AccountButton />
      {onCollapsedChange !== undefined && (
        <button
          type="button"
          className={`${panel.tool} ${css.collapse}`}
          aria-expanded={!collapsed}
          aria-controls="account-contents"
          onClick={() => onCollapsedChange(!collapsed)}
          data-testid="account-collapse"
        >
          <span aria-hidden="true">{collapsed ? '▴' : '▾'}</span>
          <span className="visually-hidden">Contents of the account</span>
        </button>
      )}
    </>
  )
  return (
    <Panel title="Account" feeds={['trading']} className={`${css.dock} ${className}`} tools={tools}>
      <div id="account-contents" className={css.contents} hidden={collapsed}>
        {TABS.map(one => (
          <div
            key={one}
            id={`panel-${one}`}
            role="tabpanel"
            aria-labelledby={`tab-${one}`}
            className={css.list}
            hidden={one !== tab}
            data-testid={one}
          >
            {one === tab && CONTENTS[one](!collapsed)}
          </div>
        ))}
        <LastChange />
        <Balance />
      </div>
    </Panel>
  )
}

interface TabsProps {
  readonly tab: Tab
  readonly onOpen: (tab: Tab) => void
}

function Tabs({ tab, onOpen }: TabsProps) {
  const { desk } = useDashboard()
  const { orders, fills, positions, balance } = useObservable(desk.state)
  const [{ alerts, unseen }] = useAlerts()
  const waiting = alerts.filter(one => one.status === 'active').length
  const held = positions.filter(one => one.size !== 0).length
  const label = (name: string, count: number) => (
    <>
      {name} <span className={css.count}>{balance === null ? '' : count}</span>
    </>
  )
  const labels: Readonly<Record<Tab, ReactNode>> = {
    'open-orders': label('Open orders', orders.length),
    history: 'History',
    fills: label('Fills', fills.length),
    positions: label('Positions', held),
    ledger: 'Ledger',
    alerts: (
      <>
        {label('Alerts', waiting)}
        {unseen.size > 0 && (
          <span className={css.unseen} data-testid="alerts-unseen">
            {unseen.size} new
          </span>
        )}
      </>
    ),
  }
  const move = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (by === 0) return
    event.preventDefault()
    const to = TABS[(TABS.indexOf(tab) + by + TABS.length) % TABS.length]!
    onOpen(to)
    document.getElementById(`tab-${to}`)?.focus()
  }
  return (
    <div role="tablist" aria-label="Account" className={css.tabs}>
      {TABS.map(one => (
        <button
          key={one}
          id={`tab-${one}`}
          type="button"
          role="tab"
          className={panel.tool}
          aria-selected={one === tab}
          aria-controls={`panel-${one}`}
          tabIndex={one === tab ? 0 : -1}
          onClick={() => onOpen(one)}
          onKeyDown={move}
          data-testid={`tab-${one}`}
        >
          {labels[one]}
        </button>
      ))}
    </div>
  )
}

/** The result of the last cancel or edit. On narrow screens the ticket, which shows it too, is in another view. */
function LastChange() {
  const { desk, store } = useDashboard()
  const { latest } = useObservable(desk.state)
  if (latest?.kind !== 'change') return null
  return (
    <div className={css.change}>
      <SubmissionResult
        submission={latest}
        decimals={store.instrument(latest.symbol)?.priceDecimals ?? 2}
        testId="account-result"
      />
    </div>
  )
}
