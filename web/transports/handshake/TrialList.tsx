// The list of handshakes: a button sends one, and shows the status of its last answer.

'use client'

import { HANDSHAKE_TRIALS, type HandshakeTrial } from '@papertape/protocol'
import { useState } from 'react'
import { moveFocus } from '../../ui/roving-focus.ts'
import css from './handshake.module.css'
import { parseHttpMessage, statusOf } from './http-message.ts'
import type { TrialResult } from './trial-runs.ts'
import { TRIAL_TEXTS } from './trial-texts.ts'

interface TrialListProps {
  readonly results: Readonly<Partial<Record<HandshakeTrial, TrialResult>>>
  readonly shown: HandshakeTrial
  readonly onSend: (trial: HandshakeTrial) => Promise<void>
}

export function TrialList({ results, shown, onSend }: TrialListProps) {
  const [isSendingAll, setSendingAll] = useState(false)
  const sendAll = async () => {
    setSendingAll(true)
    for (const trial of HANDSHAKE_TRIALS) await onSend(trial)
    setSendingAll(false)
  }
  return (
    <section className={`${css.block} ${css.list}`} aria-labelledby="trials-title">
      <h3 id="trials-title">Send a handshake</h3>
      <p className={css.text}>
        A page can neither see nor change the headers of its own WebSocket. So the server sends these to its own port,
        over HTTP/1.1, and returns the bytes of both directions.
      </p>
      <ul className={css.trials} onKeyDown={moveFocus}>
        {HANDSHAKE_TRIALS.map(trial => (
          <li key={trial}>
            <button
              type="button"
              className={css.trial}
              data-stop
              data-testid={`trial-${trial}`}
              tabIndex={trial === shown ? 0 : -1}
              aria-current={trial === shown ? 'true' : undefined}
              onClick={() => void onSend(trial)}
            >
              <span>{TRIAL_TEXTS[trial].title}</span>
              <Status result={results[trial]} />
            </button>
          </li>
        ))}
      </ul>
      <button type="button" className={css.button} disabled={isSendingAll} onClick={() => void sendAll()}>
        Send all
      </button>
    </section>
  )
}

function Status({ result }: { readonly result: TrialResult | undefined }) {
  if (result === undefined) return <span className={css.action}>Send</span>
  if (result.type === 'sending') return <span className={css.action}>…</span>
  const status = result.type === 'failed' ? undefined : statusOf(parseHttpMessage(result.answer))
  return (
    <span className={css.status} data-good={status === 101}>
      {status ?? 'failed'}
    </span>
  )
}
