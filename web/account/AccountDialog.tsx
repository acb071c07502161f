// The accounts of this browser: choose one, name it, add one with or without margin, reset the present one after a
// question. A native dialog: keeps the focus, closes on Escape. Opened by AccountButton.tsx.

'use client'

import { OPENING_CASH } from '@papertape/protocol'
import { useEffect, useRef, useState } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { usePreference } from '../dashboard/use-preference.tsx'
import { formatSize } from '../format/format.ts'
import { refusalDetail } from '../orders/accounts/refusal-detail.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import dialogs from '../ui/Dialog.module.css'
import css from './AccountDialog.module.css'
import { ACCOUNT_NAMES, NAME_LENGTH_MAX, withName } from './account-names.ts'

export function AccountDialog({ onClose }: { readonly onClose: () => void }) {
  const { desk, accounts: control } = useDashboard()
  const dialog = useRef<HTMLDialogElement>(null)
  const { accountId, accounts, balance } = useObservable(desk.state)
  const margin = balance?.equity !== undefined
  /** The account that takes its place has margin if this one has, which its balance says. */
  const isUnknown = balance === null
  const [names] = usePreference(ACCOUNT_NAMES)
  const [isAsking, setAsking] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  useEffect(() => dialog.current?.showModal(), [])
  /** Closes when the page has another account. */
  const change = async (request: Promise<unknown>) => {
    setBusy(true)
    setProblem('')
    try {
      await request
      dialog.current?.close()
    } catch (error) {
      setProblem(refusalDetail(error))
    }
    setBusy(false)
  }
  return (
    <dialog
      ref={dialog}
      className={`${dialogs.dialog} ${css.dialog}`}
      onClose={onClose}
      aria-labelledby="accounts-title"
      data-testid="accounts"
    >
      <div className={dialogs.head}>
        <h2 id="accounts-title">Accounts of this browser</h2>
        <button type="button" className={css.button} onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
      <div className={css.body}>
        <ul className={css.list}>
          {accounts.map(one => (
            <li key={one.accountId}>
              <button
                type="button"
                className={css.account}
                aria-current={one.accountId === accountId ? 'true' : undefined}
                disabled={isBusy || one.accountId === accountId}
                onClick={() => void change(control.switchTo(one.accountId))}
              >
                <span>{names[one.accountId] ?? 'Without a name'}</span>
                <span className={css.id}>
                  {one.accountId === accountId && margin && 'margin · '}
                  {one.accountId}
                </span>
              </button>
            </li>
          ))}
        </ul>
        {accountId !== null && <NameField key={accountId} accountId={accountId} />}
        <div className={css.actions}>
          <button type="button" className={css.button} disabled={isBusy} onClick={() => void change(control.add())}>
            New account
          </button>
          <button
            type="button"
            className={css.button}
            disabled={isBusy}
            aria-describedby="margin-what"
            onClick={() => void change(control.add({ margin: true }))}
            data-testid="margin-account"
          >
            New margin account
          </button>
          {!isAsking && (
            <button
              type="button"
              className={css.button}
              disabled={isBusy || isUnknown}
              aria-describedby={isUnknown ? 'reset-waits' : undefined}
              onClick={() => setAsking(true)}
            >
              Reset this account…
            </button>
          )}
        </div>
        {isUnknown && (
          <p id="reset-waits" className={css.what}>
            This account cannot be reset yet: its balance, which says whether it is a margin account, has not arrived.
          </p>
        )}
        <p id="margin-what" className={css.what}>
          A margin account buys on credit and sells short. While its equity is below the maintenance margin, the
          exchange may close its positions.
        </p>
        {isAsking && accountId !== null && (
          <ResetQuestion
            isHeld={isBusy || isUnknown}
            margin={margin}
            onReset={() => void change(control.reset(accountId, { margin }))}
            onKeep={() => setAsking(false)}
          />
        )}
        <p role="alert" className={css.problem}>
          {problem}
        </p>
      </div>
    </dialog>
  )
}

function NameField({ accountId }: { readonly accountId: string }) {
  const [names, setNames] = usePreference(ACCOUNT_NAMES)
  return (
    <label className={css.field}>
      Name of this account
      <input
        defaultValue={names[accountId] ?? ''}
        maxLength={NAME_LENGTH_MAX}
        placeholder={`Up to ${NAME_LENGTH_MAX} characters`}
        autoComplete="off"
        onChange={event => setNames(withName(names, accountId, event.target.value))}
        data-testid="account-name"
      />
    </label>
  )
}

interface ResetQuestionProps {
  /** It cannot be reset now. */
  readonly isHeld: boolean
  /** It is a margin account, as the new one will be. */
  readonly margin: boolean
  readonly onReset: () => void
  readonly onKeep: () => void
}

function ResetQuestion({ isHeld, margin, onReset, onKeep }: ResetQuestionProps) {
  const { desk } = useDashboard()
  const { orders } = useObservable(desk.state)
  const canceled = orders.length === 1 ? '1 open order is canceled' : `${orders.length} open orders are canceled`
  return (
    <fieldset className={css.question} aria-describedby="reset-what">
      <legend>Reset this account?</legend>
      <p id="reset-what">
        {canceled}, and its positions are given up. A new {margin && 'margin '}account with {formatSize(OPENING_CASH)}{' '}
        in cash takes its place.
      </p>
      <div className={css.actions}>
        <button type="button" className={css.button} disabled={isHeld} onClick={onReset} data-testid="account-reset">
          Reset
        </button>
        {/* biome-ignore lint/a11y/noAutofocus: the button that was pressed is gone */}
        <button type="button" className={css.button} autoFocus onClick={onKeep}>
          Keep it
        </button>
      </div>
    </fieldset>
  )
}
