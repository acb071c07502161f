// The operator bar: pause, pace, scenario, halt and news of the market that runs, and what is going on. A chunk of its
// own, loaded only in the operator's browser.

'use client'

import type { MarketAnswer, ScenariosAnswer } from '@papertape/protocol'
import { type FormEvent, useEffect, useState } from 'react'
import { goingOn, isPaused, type MarketChangeRequest, type MarketControl, PACES } from './market-control.ts'
import css from './operator.module.css'

/** How often the market is read, for the countdown and for what other operators do. */
const READ_MS = 1_000

export function OperatorBar({ control }: { readonly control: MarketControl }) {
  const [market, setMarket] = useState<MarketAnswer>()
  const [scenarios, setScenarios] = useState<ScenariosAnswer>([])
  const [problem, setProblem] = useState('')

  useEffect(() => {
    const fail = (error: Error) => setProblem(error.message)
    const read = () => void control.read().then(setMarket, fail)
    void control.scenarios().then(setScenarios, fail)
    read()
    const timer = setInterval(read, READ_MS)
    return () => clearInterval(timer)
  }, [control])

  const change = async (request: MarketChangeRequest) => {
    try {
      setMarket(await control.change(request))
      setProblem('')
    } catch (error) {
      setProblem((error as { readonly detail?: string }).detail ?? String(error))
    }
  }
  if (market === undefined) return null
  return (
    <section className={css.bar} aria-label="Operator" data-testid="operator-bar">
      <strong>Operator</strong>
      <button
        type="button"
        onClick={() => void change({ pace: isPaused(market) ? '1x' : '0x' })}
        data-testid="operator-pause"
      >
        {isPaused(market) ? 'Resume' : 'Pause'}
      </button>
      <select
        aria-label="Pace"
        value={market.pace}
        onChange={event => void change({ pace: event.target.value })}
        data-testid="operator-pace"
      >
        {[...new Set([...PACES, market.pace])].map(pace => (
          <option key={pace} value={pace}>
            {pace === '0x' ? 'paused' : pace}
          </option>
        ))}
      </select>
      {market.source.kind === 'simulated' && (
        <select
          aria-label="Start a scenario"
          value=""
          onChange={event => void change({ scenario: event.target.value })}
          data-testid="operator-scenario"
        >
          <option value="">Start a scenario…</option>
          {scenarios.map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </select>
      )}
      <Halt symbols={market.symbols} change={change} />
      <Announce symbols={market.symbols} change={change} />
      <p className={css.now} data-testid="operator-now">
        {goingOn(market).join(' · ') || 'No scenario runs.'}
      </p>
      {problem !== '' && (
        <p className={css.problem} role="alert">
          {problem}
        </p>
      )}
    </section>
  )
}

interface ChangeProps {
  readonly symbols: readonly string[]
  readonly change: (request: MarketChangeRequest) => Promise<void>
}

function SymbolSelect(props: {
  readonly label: string
  readonly symbols: readonly string[]
  readonly value: string
  readonly onChange: (symbol: string) => void
}) {
  const { label, symbols, value, onChange } = props
  return (
    <select aria-label={label} value={value} onChange={event => onChange(event.target.value)}>
      <option value="">whole market</option>
      {symbols.map(symbol => (
        <option key={symbol}>{symbol}</option>
      ))}
    </select>
  )
}

function Halt({ symbols, change }: ChangeProps) {
  const [symbol, setSymbol] = useState('')
  const [reason, setReason] = useState('')
  const halt = (halted: boolean) =>
    void change({ halt: { halted, ...(symbol !== '' && { symbol }), ...(halted && reason !== '' && { reason }) } })
  return (
    <span className={css.group}>
      <SymbolSelect label="What to halt" symbols={symbols} value={symbol} onChange={setSymbol} />
      <input
        aria-label="Reason of the halt"
        placeholder="reason"
        maxLength={200}
        value={reason}
        onChange={event => setReason(event.target.value)}
      />
      <button type="button" onClick={() => halt(true)} data-testid="operator-halt">
        Halt
      </button>
      <button type="button" onClick={() => halt(false)} data-testid="operator-resume">
        End halt
      </button>
    </span>
  )
}

function Announce({ symbols, change }: ChangeProps) {
  const [symbol, setSymbol] = useState('')
  const [headline, setHeadline] = useState('')
  const publish = async (event: FormEvent) => {
    event.preventDefault()
    if (headline.trim() === '') return
    await change({ news: { headline: headline.trim(), symbols: symbol === '' ? [] : [symbol], severity: 'warning' } })
    setHeadline('')
  }
  return (
    <form className={css.group} onSubmit={event => void publish(event)}>
      <SymbolSelect label="Whom the news concerns" symbols={symbols} value={symbol} onChange={setSymbol} />
      <input
        aria-label="Headline"
        placeholder="headline"
        maxLength={200}
        value={headline}
        onChange={event => setHeadline(event.target.value)}
        data-testid="operator-headline"
      />
      <button type="submit" disabled={headline.trim() === ''} data-testid="operator-news">
        Publish
      </button>
    </form>
  )
}
