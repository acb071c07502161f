// The account panel: tabs for open orders, fills and positions, and the balances beneath.

'use client'

import { type KeyboardEvent, useState } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { formatCash, formatSigned } from '../format/format.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import panel from '../ui/Panel.module.css'
import { Panel } from '../ui/Panel.tsx'
import { SubmissionResult } from '../ui/SubmissionResult.tsx'
import css from './AccountPanel.module.css'
import { Fills } from './Fills.tsx'
import { OpenOrders } from './OpenOrders.tsx'
import { Positions, usePositionValues } from './Positions.tsx'

const TABS = ['open-orders', 'fills', 'positions'] as const
type Tab = (typeof TABS)[number]

export function AccountPanel({ className }: { readonly className?: string }) {
  const { desk } = useDashboard()
  const { orders, fills, positions, balance } = useObservable(desk.state)
  const [tab, setTab] = useState<Tab>('open-orders')
  const held = positions.filter(one => one.size !== 0).length
  const count = (known: number) => (balance === null ? '' : ` ${known}`)
  const labels: Readonly<Record<Tab, string>> = {
    'open-orders': `Open orders${count(orders.length)}`,
    fills: `Fills${count(fills.length)}`,
    positions: `Positions${count(held)}`,
  }
  const move = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (by === 0) return
    event.preventDefault()
    const to = TABS[(TABS.indexOf(tab) + by + TABS.length) % TABS.length]!
    setTab(to)
    document.getElementById(`tab-${to}`)?.focus()
  }
  const tools = (
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
          onClick={() => setTab(one)}
          onKeyDown={move}
          data-testid={`tab-${one}`}
        >
          {labels[one]}
        </button>
      ))}
    </div>
  )
  return (
    <Panel title="Account" feeds={['trading']} className={className} tools={tools}>
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
          {one === 'open-orders' && <OpenOrders />}
          {one === 'fills' && <Fills />}
          {one === 'positions' && <Positions />}
        </div>
      ))}
      <LastChange />
      <Balance />
    </Panel>
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

function Balance() {
  const { desk } = useDashboard()
  const { balance } = useObservable(desk.state)
  const { unrealised, realised, worth } = usePositionValues()
  const figures = [
    ['Cash', formatCash(balance?.cash)],
    ['Buying power', formatCash(balance?.buyingPower)],
    ['Positions', formatCash(balance === null ? null : worth)],
    ['Equity', formatCash(balance === null ? null : balance.cash + worth)],
    ['Unrealised P&L', formatSigned(balance === null ? null : unrealised, 2)],
    ['Realised P&L', formatSigned(balance === null ? null : realised, 2)],
  ] as const
  return (
    <dl className={css.balance} data-testid="balance">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
