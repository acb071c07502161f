// The form that sets an alert: on the price of the selected instrument, on its trading, or on fills. What the exchange
// refuses is shown beneath it.

'use client'

import type { AlertCondition, NewAlert } from '@papertape/protocol'
import { type FormEvent, useState } from 'react'
import { useDashboard } from '../../dashboard/dashboard-context.tsx'
import type { LoadedAlerts } from '../../orders/alerts/late-alerts.ts'
import { checkTypedPrice } from '../../orders/checked-number.ts'
import { readTypedNumber } from '../../orders/typed-number.ts'
import { useObservable } from '../../reactive/use-observable.tsx'
import lists from '../../ui/lists.module.css'
import css from './alerts.module.css'

/** In the order of the list. `symbol` stands for the selected instrument. */
const CONDITIONS: Readonly<Record<AlertCondition, (symbol: string) => string>> = {
  priceCrosses: symbol => `${symbol} crosses a price`,
  priceMoves: symbol => `${symbol} moves by percent`,
  orderFills: () => 'An order fills',
  halts: symbol => `${symbol} is halted`,
  resumes: symbol => `${symbol} trades again`,
}

type Checked = { readonly alert: Omit<NewAlert, 'clientAlertId'> } | { readonly problem: string }

export function AlertForm({ loaded }: { readonly loaded: LoadedAlerts }) {
  const { store, selection, desk, announcements } = useDashboard()
  const { symbol } = useObservable(selection.state)
  const { orders } = useObservable(desk.state)
  const [condition, setCondition] = useState<AlertCondition>('priceCrosses')
  const [amount, setAmount] = useState('')
  const [orderId, setOrderId] = useState('')
  const [problem, setProblem] = useState('')
  const [isSending, setSending] = useState(false)
  const hasAmount = condition === 'priceCrosses' || condition === 'priceMoves'

  function check(): Checked {
    if (condition === 'orderFills') return { alert: { condition, ...(orderId !== '' && { orderId }) } }
    const instrument = store.instrument(symbol)
    if (instrument === undefined) return { problem: 'Choose an instrument first.' }
    if (condition === 'priceCrosses') {
      const typed = checkTypedPrice(amount, instrument, 'Enter the price that the market must reach.')
      return typed.problem === undefined ? { alert: { condition, symbol, price: typed.value } } : typed
    }
    return condition === 'priceMoves' ? checkPercent(symbol, amount) : { alert: { condition, symbol } }
  }

  async function send(event: FormEvent): Promise<void> {
    event.preventDefault()
    const checked = check()
    if ('problem' in checked) {
      setProblem(checked.problem)
      return
    }
    setSending(true)
    const refusal = await loaded.create(checked.alert)
    setSending(false)
    setProblem(refusal ?? '')
    if (refusal !== undefined) return
    setAmount('')
    announcements.announce('The alert is set.', 'keys')
  }

  return (
    <form className={css.form} onSubmit={event => void send(event)} noValidate data-testid="alert-form">
      <select
        aria-label="What the alert waits for"
        value={condition}
        onChange={event => {
          setCondition(event.target.value as AlertCondition)
          setProblem('')
        }}
      >
        {Object.entries(CONDITIONS).map(([name, text]) => (
          <option key={name} value={name}>
            {text(symbol)}
          </option>
        ))}
      </select>
      {hasAmount && (
        <input
          aria-label={condition === 'priceCrosses' ? 'Price of the alert' : 'Percent of the alert'}
          placeholder={condition === 'priceCrosses' ? 'price' : 'percent'}
          inputMode="decimal"
          autoComplete="off"
          aria-invalid={problem !== ''}
          aria-describedby="alert-problem"
          value={amount}
          onChange={event => setAmount(event.target.value)}
        />
      )}
      {condition === 'orderFills' && (
        <select aria-label="Order of the alert" value={orderId} onChange={event => setOrderId(event.target.value)}>
          <option value="">Any order</option>
          {orders.map(({ orderId: id, side, leavesSize, symbol: of }) => (
            <option key={id} value={id}>{`${id}: ${side} ${leavesSize} ${of}`}</option>
          ))}
        </select>
      )}
      <button type="submit" className={lists.act} disabled={isSending}>
        Set alert
      </button>
      <p id="alert-problem" className={css.problem} role="alert" data-testid="alert-problem">
        {problem}
      </p>
    </form>
  )
}

function checkPercent(symbol: string, text: string): Checked {
  const typed = readTypedNumber(text.replace(/\s*%$/, ''), 2)
  if (typed.value === undefined) return { problem: typed.empty ? 'Enter how far, such as 2.5.' : typed.problem }
  const percent = Math.round(typed.value * 100) / 100
  if (percent !== typed.value || percent <= 0 || percent > 1_000)
    return { problem: 'Enter 0.01 to 1000, in steps of 0.01.' }
  return { alert: { condition: 'priceMoves', symbol, percent } }
}
