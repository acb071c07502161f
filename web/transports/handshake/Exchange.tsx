// One handshake as it went out and as it was answered, with what to look at in it.

'use client'

import type { HandshakeAnswer, HandshakeTrial } from '@papertape/protocol'
import css from './handshake.module.css'
import { headerValue, parseHttpMessage, statusOf } from './http-message.ts'
import { Message, type MessageNote } from './Message.tsx'
import { RestWithToken } from './RestWithToken.tsx'
import type { TrialResult } from './trial-runs.ts'
import { TRIAL_TEXTS } from './trial-texts.ts'
import { useAcceptSteps } from './use-accept-steps.tsx'

interface ExchangeProps {
  readonly trial: HandshakeTrial
  readonly result: TrialResult | undefined
}

export function Exchange({ trial, result }: ExchangeProps) {
  const { title, explanation } = TRIAL_TEXTS[trial]
  return (
    <section className={css.block} aria-labelledby="exchange-title" data-testid="exchange" data-trial={trial}>
      <h3 id="exchange-title">{title}</h3>
      {result === undefined && <p className={css.text}>Not sent yet: choose a handshake.</p>}
      {result?.type === 'sending' && <p className={css.text}>Sending…</p>}
      {result?.type === 'failed' && (
        <p className={css.failure} role="alert">
          {result.text}
        </p>
      )}
      {result?.type === 'answered' && (
        <>
          <p className={css.text}>{explanation}</p>
          {trial === 'wrongToken' && <RestWithToken />}
          <Messages trial={trial} {...result} />
        </>
      )}
    </section>
  )
}

function Messages({ trial, request, answer }: HandshakeAnswer & { readonly trial: HandshakeTrial }) {
  const sent = parseHttpMessage(request)
  const received = parseHttpMessage(answer)
  const { header } = TRIAL_TEXTS[trial]
  const isLeftOut = header !== undefined && headerValue(sent, header) === undefined
  const isAccepted = statusOf(received) === 101
  const steps = useAcceptSteps(isAccepted ? headerValue(sent, 'Sec-WebSocket-Key') : undefined)
  const accept = headerValue(received, 'Sec-WebSocket-Accept')
  const notes: MessageNote[] = isAccepted ? [{ header: 'Sec-WebSocket-Protocol', text: 'the one that was chosen' }] : []
  if (steps !== undefined) {
    const text = steps.accept === accept ? '✓ as computed from the key' : `✗ computed from the key: ${steps.accept}`
    notes.push({ header: 'Sec-WebSocket-Accept', text })
  }
  if (statusOf(received) === 426) notes.push({ header: 'Sec-WebSocket-Version', text: 'the one to try again with' })
  const changed = trial === 'http10' ? 'startLine' : header
  return (
    <div className={css.messages}>
      <Message title="Request" text={request} changed={changed} leftOut={isLeftOut ? header : undefined} notes={[]} />
      <Message title="Answer" text={answer} notes={notes} />
    </div>
  )
}
