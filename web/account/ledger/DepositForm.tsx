// The form that deposits paper money, opened by a button of the ledger. What is wrong with the amount, or what the
// exchange refuses, is shown beneath it.

'use client'

import { DEPOSITS_MAX } from '@papertape/protocol'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useDashboard } from '../../dashboard/dashboard-context.tsx'
import { formatCash, groupNumbers } from '../../format/format.ts'
import { checkDeposit, createDeposits } from '../../orders/ledger/deposits.ts'
import lists from '../../ui/lists.module.css'
import css from './ledger.module.css'

interface DepositFormProps {
  readonly accountId: string
  /** Called when the cash is there, and on Escape. */
  readonly onDone: () => void
}

export function DepositForm({ accountId, onDone }: DepositFormProps) {
  const dashboard = useDashboard()
  const [deposits] = useState(() => createDeposits(dashboard, accountId))
  const [text, setText] = useState('')
  const [problem, setProblem] = useState('')
  const [isSending, setSending] = useState(false)
  /** An answer that arrives after it was closed must not close the form that is open then. */
  const isOpen = useRef(false)
  useEffect(() => {
    isOpen.current = true
    return () => {
      isOpen.current = false
    }
  }, [])

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
    if (!isOpen.current) return
    setSending(false)
    setProblem(groupNumbers(refusal ?? ''))
    if (refusal !== undefined) return
    dashboard.announcements.announce(`Deposited ${formatCash(typed.amount)}.`, 'keys')
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
        {isSending ? 'Sending…' : 'Deposit'}
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
