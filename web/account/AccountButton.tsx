// The button in the dock's header that names the account and opens the dialog of this browser's accounts.

'use client'

import { useState } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { usePreference } from '../dashboard/use-preference.tsx'
import { NOTHING } from '../format/format.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import { loadPart } from '../ui/load-part.tsx'
import panel from '../ui/Panel.module.css'
import css from './AccountPanel.module.css'
import { ACCOUNT_NAMES, accountLabel } from './account-names.ts'

/** Loaded when it is opened. */
const AccountDialog = loadPart(async () => (await import('./AccountDialog.tsx')).AccountDialog)

export function AccountButton() {
  const { desk } = useDashboard()
  const { accountId } = useObservable(desk.state)
  const [names] = usePreference(ACCOUNT_NAMES)
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <button
        type="button"
        className={`${panel.tool} ${css.account}`}
        disabled={accountId === null}
        title="Accounts of this browser"
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
        data-testid="account-menu"
      >
        <span>{accountId === null ? NOTHING : accountLabel(names, accountId)}</span>
      </button>
      {isOpen && <AccountDialog onClose={() => setOpen(false)} />}
    </>
  )
}
