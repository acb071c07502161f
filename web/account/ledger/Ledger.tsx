// The ledger of the account: each change of its cash with its cause, newest first, and the form that deposits. Loaded
// and requested when its tab is opened.

'use client'

import type { LedgerEntry } from '@papertape/protocol'
import { useEffect, useRef, useState } from 'react'
import { useDashboard } from '../../dashboard/dashboard-context.tsx'
import { directionOf, formatTime, groupNumbers } from '../../format/format.ts'
import { formatDay } from '../../format/time-zone.ts'
import { createLedger } from '../../orders/ledger/ledger.ts'
import { useObservable } from '../../reactive/use-observable.tsx'
import lists from '../../ui/lists.module.css'
import { Empty } from '../../ui/Panel.tsx'
import { EmptyAccount } from '../EmptyAccount.tsx'
import { Pair, PairHead } from '../OrderParts.tsx'
import tables from '../tables.module.css'
import { DepositForm } from './DepositForm.tsx'
import css from './ledger.module.css'
import { amountText, balanceText, entryText } from './ledger-texts.ts'

export function Ledger() {
  const { accountId } = useObservable(useDashboard().desk.state)
  // Another account has another ledger.
  return accountId === null ? <EmptyAccount text="" /> : <LedgerOfAccount key={accountId} accountId={accountId} />
}

function LedgerOfAccount({ accountId }: { readonly accountId: string }) {
  const { desk, cash, frames } = useDashboard()
  const [ledger] = useState(() => createLedger(cash, frames))
  const { fills, balance } = useObservable(desk.state)
  const { entries, isLoaded, isLoadingEarlier, hasEarlier, problem } = useObservable(ledger.state)
  const newestFill = fills[0]?.seq
  const [isDepositing, setDepositing] = useState(false)
  const toggle = useRef<HTMLButtonElement>(null)
  const endDeposit = () => {
    setDepositing(false)
    toggle.current?.focus()
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs after each change of the cash
  useEffect(() => ledger.refresh(), [ledger, balance?.cash, newestFill])
  return (
    <>
      {isDepositing && <DepositForm accountId={accountId} onDone={endDeposit} />}
      {problem !== null && (
        <div className={tables.more}>
          <p role="alert">The ledger could not be loaded: {groupNumbers(problem)}</p>
          <button type="button" className={lists.act} onClick={ledger.retry}>
            Try again
          </button>
        </div>
      )}
      <div className={css.bar}>
        <button
          ref={toggle}
          type="button"
          className={lists.act}
          aria-expanded={isDepositing}
          onClick={() => setDepositing(!isDepositing)}
          data-testid="deposit"
        >
          Deposit…
        </button>
      </div>
      {!isLoaded && problem === null && <Empty>Loading the ledger…</Empty>}
      {isLoaded && entries.length === 0 && <Empty>The cash has not changed yet.</Empty>}
      {entries.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keys
        <section className={lists.scroll} aria-label="Changes of cash" tabIndex={0}>
          <EntryTable entries={entries} />
          {isLoadingEarlier && <p className={tables.more}>Loading earlier entries…</p>}
          {hasEarlier && !isLoadingEarlier && (
            <div className={tables.more}>
              <button type="button" className={lists.act} onClick={ledger.loadEarlier}>
                Earlier entries
              </button>
            </div>
          )}
        </section>
      )}
    </>
  )
}

function EntryTable({ entries }: { readonly entries: readonly LedgerEntry[] }) {
  return (
    <table className={`${tables.table} ${css.table}`}>
      <caption className="visually-hidden">Changes of cash, newest first</caption>
      <thead>
        <tr>
          <th scope="col" className={css.when}>
            Time
          </th>
          <th scope="col">Cause</th>
          <th scope="col" className={`num ${css.cash}`}>
            <PairHead first="Amount" second="Cash after" />
          </th>
        </tr>
      </thead>
      <tbody>
        {entries.map(entry => (
          <EntryRow key={`${entry.seq} ${entry.cause}`} entry={entry} />
        ))}
      </tbody>
    </table>
  )
}

function EntryRow({ entry }: { readonly entry: LedgerEntry }) {
  const { store } = useDashboard()
  const { ts, cause, symbol = '', amount, balance } = entry
  const atMs = ts / 1_000
  return (
    <tr data-testid="ledger-entry" data-cause={cause}>
      <td className={lists.faint}>
        <time dateTime={new Date(atMs).toISOString()}>
          <Pair first={formatTime(atMs)} second={formatDay(atMs, 'utc')} />
        </time>
      </td>
      <td className={css.cause}>{entryText(entry, store.instrument(symbol)?.priceDecimals ?? 2)}</td>
      <td className="num">
        <Pair first={<span className={directionOf(amount)}>{amountText(amount)}</span>} second={balanceText(balance)} />
      </td>
    </tr>
  )
}
