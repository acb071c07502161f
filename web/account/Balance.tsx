// The balances of the account, at the last prices: a line of figures, and the short form for the collapsed dock.

'use client'

import { useSyncExternalStore } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { directionOf, formatCash, formatSigned } from '../format/format.ts'
import { unrealisedAt } from '../orders/desk/desk-state.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import { useMarketStaleness } from '../ui/use-staleness.tsx'
import css from './Balance.module.css'

interface AccountValue {
  readonly unrealised: number
  readonly realised: number
  /** Cash and positions; null until the account is known. */
  readonly equity: number | null
}

/** Of all positions together. Watches the market's clock, four updates a second, instead of each price. */
export function useAccountValue(): AccountValue {
  const { desk, store } = useDashboard()
  const { positions, balance } = useObservable(desk.state)
  useSyncExternalStore(store.clock.subscribe, store.clock.get, store.clock.get)
  let unrealised = 0
  let realised = 0
  let worth = 0
  for (const position of positions) {
    const { last } = store.tradeSummary(position.symbol).get()
    unrealised += unrealisedAt(position, last)
    realised += position.realised
    worth += position.size * (last ?? position.avgCost)
  }
  return { unrealised, realised, equity: balance === null ? null : balance.cash + worth }
}

export function Balance() {
  const { desk } = useDashboard()
  const { balance, marginCallDue } = useObservable(desk.state)
  const { unrealised, realised, equity } = useAccountValue()
  const isMargin = balance?.equity !== undefined
  const isOld = useMarketStaleness()
  const profit = (value: number) => (
    <span className={directionOf(value)}>{formatSigned(balance === null ? null : value, 2)}</span>
  )
  return (
    <dl className={css.balance} data-margin={isMargin} data-testid="balance">
      <Figure name="Cash">{formatCash(balance?.cash)}</Figure>
      <Figure name="Buying power">{formatCash(balance?.buyingPower)}</Figure>
      <Figure name="Equity" isOld={isOld}>
        {formatCash(equity)}
      </Figure>
      {isMargin && (
        <>
          <Figure name="Initial margin">{formatCash(balance.initialMargin)}</Figure>
          <Figure name={marginCallDue === null ? 'Maintenance' : 'Call below'}>
            <span className={marginCallDue === null ? '' : 'down'}>{formatCash(balance.maintenanceMargin)}</span>
          </Figure>
        </>
      )}
      <Figure name="Unrealized P&L" isOld={isOld}>
        {profit(unrealised)}
      </Figure>
      <Figure name="Realized P&L">{profit(realised)}</Figure>
    </dl>
  )
}

/** Equity and unrealised profit, for the header of the collapsed dock. */
export function BalanceSummary() {
  const { desk } = useDashboard()
  const { balance } = useObservable(desk.state)
  const { unrealised, equity } = useAccountValue()
  const isOld = useMarketStaleness()
  return (
    <dl className={`${css.balance} ${css.summary}`} data-testid="balance-summary">
      <Figure name="Equity" isOld={isOld}>
        {formatCash(equity)}
      </Figure>
      <Figure name="Unrealized P&L" isOld={isOld}>
        <span className={directionOf(unrealised)}>{formatSigned(balance === null ? null : unrealised, 2)}</span>
      </Figure>
    </dl>
  )
}

interface FigureProps {
  readonly name: string
  /** It is at prices that are not live. */
  readonly isOld?: boolean
  readonly children: React.ReactNode
}

function Figure({ name, isOld = false, children }: FigureProps) {
  return (
    <div data-old={isOld}>
      <dt>{name}</dt>
      <dd>
        {children}
        {isOld && <span className="visually-hidden"> at old prices</span>}
      </dd>
    </div>
  )
}
