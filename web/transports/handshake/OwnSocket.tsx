// What a page sees of its own handshake: the subprotocol of one that succeeds, and nothing of one that fails.

'use client'

import { SUBPROTOCOL } from '@papertape/protocol'
import { useState } from 'react'
import { socketUrl } from '../exhibit/service.ts'
import css from './handshake.module.css'
import { type OwnSocketResult, openOwnSocket } from './own-socket.ts'

const OFFERS = [[SUBPROTOCOL], ['chat', SUBPROTOCOL], ['chat'], []] as const

export function OwnSocket() {
  const [tried, setTried] = useState<{ readonly code: string; readonly result?: OwnSocketResult }>()
  const open = async (offered: readonly string[]) => {
    const code = constructorText(offered)
    setTried({ code })
    setTried({ code, result: await openOwnSocket(socketUrl(), offered) })
  }
  return (
    <section className={css.block} aria-labelledby="own-title">
      <h3 id="own-title">What a page sees of its own</h3>
      <p className={css.text}>
        This page opens a WebSocket. If the server agrees, the page learns the subprotocol; if not, it gets an error
        event without a reason and the code 1006: no status, no header, no text. The browser's console has more.
      </p>
      <div className={css.offers}>
        {OFFERS.map(offered => (
          <button key={offered.join()} type="button" className={css.code} onClick={() => void open(offered)}>
            {constructorText(offered)}
          </button>
        ))}
      </div>
      <p className={css.outcome} role="status" data-testid="own-socket">
        {tried !== undefined && <code>{tried.code}</code>}
        {tried !== undefined && <span>{tried.result === undefined ? 'Opening…' : resultText(tried.result)}</span>}
      </p>
    </section>
  )
}

function constructorText(offered: readonly string[]): string {
  const list = offered.map(name => `'${name}'`).join(', ')
  return offered.length === 0 ? 'new WebSocket(url)' : `new WebSocket(url, [${list}])`
}

function resultText(result: OwnSocketResult): string {
  if (result.type === 'opened') {
    const extensions = result.extensions === '' ? 'no extensions' : `extensions ${result.extensions}`
    return `open, protocol ${result.protocol}, ${extensions}`
  }
  const { code, reason, wasClean } = result
  return `error, then close: code ${code}, reason “${reason}”, ${wasClean ? 'clean' : 'not clean'}`
}
