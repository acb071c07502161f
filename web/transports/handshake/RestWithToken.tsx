// The token of the handshake that was accepted, sent to a REST route: a 401.

'use client'

import { useState } from 'react'
import { BASE_PATH } from '../../base-path.ts'
import css from './handshake.module.css'

export function RestWithToken() {
  const [answer, setAnswer] = useState('')
  const ask = async () => {
    try {
      const { status, statusText, headers } = await fetch(`${BASE_PATH}/v1/account`, {
        headers: { authorization: 'Bearer not-a-token' },
        credentials: 'omit',
      })
      setAnswer(`${status} ${statusText} · WWW-Authenticate: ${headers.get('www-authenticate')}`)
    } catch (error) {
      setAnswer(`No answer: ${error}`)
    }
  }
  return (
    <p className={css.rest}>
      <button type="button" className={css.button} onClick={() => void ask()}>
        Ask GET /v1/account with it
      </button>
      <code role="status" data-testid="rest-answer">
        {answer}
      </code>
    </p>
  )
}
