// Sec-WebSocket-Accept computed step by step, for a key that is typed, printed or drawn.

'use client'

import { useId } from 'react'
import css from './accept-value.module.css'
import { keyProblem, PRINTED_PAIRS, randomKey } from './accept-value.ts'
import exhibit from './handshake.module.css'
import { hasSha1, useAcceptSteps } from './use-accept-steps.tsx'

interface AcceptValueProps {
  readonly value: string
  readonly onChange: (key: string) => void
}

export function AcceptValue({ value, onChange }: AcceptValueProps) {
  const id = useId()
  const problem = keyProblem(value)
  return (
    <section className={exhibit.block} aria-labelledby="accept-title">
      <h3 id="accept-title">The accept value, step by step</h3>
      <p className={exhibit.text}>
        The server hashes the key of the request together with a fixed text. Nobody sends this answer by accident. It is
        no proof of identity: everybody can compute it.
      </p>
      <div className={css.row}>
        <label htmlFor={id}>Sec-WebSocket-Key</label>
        <input
          id={id}
          className={css.key}
          value={value}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={problem !== undefined}
          aria-describedby={`${id}-problem`}
          data-testid="key"
          onChange={({ target }) => onChange(target.value.trim())}
        />
        {PRINTED_PAIRS.map(({ source, key }) => (
          <button key={source} type="button" className={exhibit.button} onClick={() => onChange(key)}>
            {source}
          </button>
        ))}
        <button type="button" className={exhibit.button} onClick={() => onChange(randomKey())}>
          Random
        </button>
      </div>
      <p id={`${id}-problem`} className={exhibit.failure} role="status" data-testid="key-problem">
        {problem}
      </p>
      {problem === undefined && <Steps accepted={value} />}
    </section>
  )
}

function Steps({ accepted }: { readonly accepted: string }) {
  const steps = useAcceptSteps(accepted)
  if (!hasSha1()) {
    return (
      <p className={exhibit.text} data-testid="no-sha1">
        The browser computes SHA-1 for secure pages only: https, or http://localhost. This page is neither. The server
        computed the accept value of each answer above all the same.
      </p>
    )
  }
  if (steps === undefined) return null
  return (
    <ol className={css.steps} data-testid="accept-steps">
      <Step title="The key: sixteen bytes" value={steps.keyBytes} />
      <Step title="Append the fixed text of RFC 6455" value={steps.hashed} />
      <Step title="SHA-1 of those 60 characters: twenty bytes" value={steps.sha1} />
      <Step title="Base64 of them: Sec-WebSocket-Accept" value={steps.accept} testId="accept" />
      <Verdicts accepted={accepted} accept={steps.accept} />
    </ol>
  )
}

interface StepProps {
  readonly title: string
  readonly value: string
  readonly testId?: string
}

function Step({ title, value, testId }: StepProps) {
  return (
    <li className={css.step}>
      <span className={css.title}>{title}</span>
      <code data-testid={testId}>{value}</code>
    </li>
  )
}

/** Compares with what is in print for this key. */
function Verdicts({ accepted, accept }: { readonly accepted: string; readonly accept: string }) {
  return PRINTED_PAIRS.filter(({ key }) => key === accepted).map(pair => (
    <li key={pair.source} className={css.verdict} data-testid="verdict" data-good={pair.accept === accept}>
      {pair.accept === accept ? (
        `✓ ${pair.source}: the same value.`
      ) : (
        <>
          ✗ {pair.source}: <code>{pair.accept}</code>, which is not the value of this key. {'note' in pair && pair.note}
        </>
      )}
    </li>
  ))
}
