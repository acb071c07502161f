// What is raced and what is done to it: instrument, interval of polling, start and stop, and the disturbances.

'use client'

import { useState } from 'react'
import { useDashboard } from '../../dashboard/dashboard-context.tsx'
import { useObservable } from '../../reactive/use-observable.tsx'
import css from './race.module.css'
import { type Race, SLOW_MS, STALL_MS } from './race.ts'

const INTERVALS_MS = [
  [250, '250 ms'],
  [1_000, '1 s'],
  [5_000, '5 s'],
] as const

const DISTURBANCES = [
  ['cut', 'Cut', 'Every lane loses its connection, without an end.'],
  ['stall', `Stall ${STALL_MS / 1_000} s`, 'Nothing is sent on any lane for a while.'],
  ['slow', `3G for ${SLOW_MS / 1_000} s`, '400 kbit/s, and 400 ms until the first byte.'],
] as const

export function RaceControls({ race }: { readonly race: Race }) {
  const { store, selection } = useDashboard()
  const instruments = useObservable(store.instruments)
  const selected = useObservable(selection.state).symbol
  const { phase, problem } = useObservable(race.state)
  const [symbol, setSymbol] = useState<string>()
  const [pollIntervalMs, setPollIntervalMs] = useState<number>(1_000)
  const shown = symbol ?? selected
  const isActive = phase === 'running' || phase === 'starting'

  return (
    <div className={css.controls}>
      <label>
        Instrument
        <select
          value={shown}
          disabled={isActive}
          data-testid="race-symbol"
          onChange={event => setSymbol(event.target.value)}
        >
          {instruments.map(one => (
            <option key={one.symbol}>{one.symbol}</option>
          ))}
        </select>
      </label>
      <label>
        Poll every
        <select
          value={pollIntervalMs}
          disabled={isActive}
          data-testid="race-interval"
          onChange={event => setPollIntervalMs(Number(event.target.value))}
        >
          {INTERVALS_MS.map(([valueMs, text]) => (
            <option key={valueMs} value={valueMs}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        className={css.start}
        disabled={shown === ''}
        data-testid="race-start"
        onClick={() => (isActive ? race.stop() : void race.start({ symbol: shown, pollIntervalMs }))}
      >
        {isActive ? 'Stop' : 'Start the race'}
      </button>
      <fieldset className={css.disturbances} aria-label="Disturb all lanes">
        {DISTURBANCES.map(([kind, text, title]) => (
          <button
            key={kind}
            type="button"
            title={title}
            disabled={phase !== 'running'}
            data-testid={`race-${kind}`}
            onClick={() => void race.disturb(kind)}
          >
            {text}
          </button>
        ))}
      </fieldset>
      <p className={css.problem} role="status" data-testid="race-problem">
        {problem}
      </p>
    </div>
  )
}
