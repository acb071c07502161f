// The form that deposits paper money, opened by a button of the ledger. What is wrong with the amount, or what the
// exchange refuses, is shown beneath it.

'use client'

import { DEPOSITS_MAX } from '@papertape/protocol'
import { type FormEvent, useState } from 'react'
import { useDashboard } from '../../dashboard/dashboard-context.tsx'
import { formatCash, groupNumbers } from '../../format/format.ts'
import { checkDeposit, createDeposits } from '../../orders/ledger/deposits.ts'
import lists from '../../ui/lists.module.css'
import css from './ledger.module.css'

/** @property onDone called when the cash is there, and on Escape. */
export function DepositForm({ onDone }: { readonly onDone: () => void }) {
  const { cash, newId, announcements } = useDashboard()
  const [deposits] = useState(() => createDeposits(cash, newId))
  const [text, setText] = useState('')
  const [problem, setProblem] = useState('')
  const [isSending, setSending] = useState(false)

  async function send(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (isSending) return
    const typed = checkDeposit(text)
    if ('problem' in typed) {
      setProblem(typed.problem)
      return
    }
    setSending(true)
    const refusal = await deposits.send(typed.amount)
    setSending(false)
    setProblem(groupNumbers(refusal ?? ''))
    if (refusal !== undefined) return
    announcements.announce(`Deposited ${formatCash(typed.amount)}.`, 'keys')
    onDone()
  }

  return (
    <form
      className={css.deposit}
      onSubmit={event => void send(event)}
      onKeyDown={event => event.key === 'Escape' && onDone()}
      noValidate
      data-testid="deposit-form"
    >
      <label>
        Paper money
        <input
          // biome-ignore lint/a11y/noAutofocus: the button that was pressed opens it
          autoFocus
          placeholder="amount"
          inputMode="decimal"
          autoComplete="off"
          aria-invalid={problem !== ''}
          aria-describedby="deposit-problem deposit-limit"
          value={text}
          onChange={event => setText(event.target.value)}
          data-testid="deposit-amount"
        />
      </label>
      <button type="submit" className={lists.act} aria-disabled={isSending}>
        Deposit
      </button>
      <p id="deposit-limit" className={css.limit}>
        {DEPOSITS_MAX} deposits in 24 hours at most
      </p>
      <p id="deposit-problem" className={css.problem} role="alert" data-testid="deposit-problem">
        {problem}
      </p>
    </form>
  )
}
