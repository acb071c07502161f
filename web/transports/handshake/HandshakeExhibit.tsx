// The exhibit of the WebSocket handshake: correct and wrong ones sent live, the accept value step by step, what a page
// sees of its own socket, and the same over HTTP/2.

'use client'

import type { HandshakeTrial } from '@papertape/protocol'
import { useState } from 'react'
import { useObservable } from '../../reactive/use-observable.tsx'
import { service } from '../exhibit/service.ts'
import { AcceptValue } from './AcceptValue.tsx'
import { keyProblem, PRINTED_PAIRS } from './accept-value.ts'
import { Exchange } from './Exchange.tsx'
import css from './handshake.module.css'
import { OverHttp2 } from './OverHttp2.tsx'
import { OwnSocket } from './OwnSocket.tsx'
import { TrialList } from './TrialList.tsx'
import { createTrialRuns } from './trial-runs.ts'

export function HandshakeExhibit() {
  const [runs] = useState(() => createTrialRuns(body => service.send('POST', '/v1/lab/handshake', body)))
  const results = useObservable(runs.results)
  const [shown, setShown] = useState<HandshakeTrial>('correct')
  const [key, setKey] = useState<string>(PRINTED_PAIRS[0].key)

  const send = (trial: HandshakeTrial) => {
    setShown(trial)
    // A key that is none cannot be sent: the server draws one.
    return runs.send(trial, keyProblem(key) === undefined ? key : undefined)
  }

  return (
    <div className={css.screen}>
      <TrialList results={results} shown={shown} onSend={send} />
      <Exchange trial={shown} result={results[shown]} />
      <AcceptValue value={key} onChange={setKey} />
      <div className={`${css.pair} ${css.wide}`}>
        <OwnSocket />
        <OverHttp2 />
      </div>
    </div>
  )
}
