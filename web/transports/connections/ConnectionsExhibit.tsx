// The third exhibit: streams over HTTP/1.1 take one of six connections each, so that the seventh request waits in the
// browser; over HTTP/2 they share one.

'use client'

import { Rest } from '@papertape/client'
import { useEffect, useState } from 'react'
import { BASE_PATH } from '../../base-path.ts'
import { useDashboard } from '../../dashboard/dashboard-context.tsx'
import { useObservable } from '../../reactive/use-observable.tsx'
import { useNow } from '../../ui/use-now.tsx'
import { AttemptRow } from './AttemptRow.tsx'
import { STREAMS_MAX } from './attempts.ts'
import { type ConnectionList, createConnectionList } from './connection-list.ts'
import css from './connections.module.css'
import { type ConnectionVersion, observationOf } from './observation.ts'

const VERSIONS = [
  ['http1', 'HTTP/1.1'],
  ['http2', 'HTTP/2'],
] as const satisfies readonly (readonly [ConnectionVersion, string])[]

/** The least time that the axis shows. */
const AXIS_MS = 10_000

export function ConnectionsExhibit() {
  const { nowMs } = useDashboard()
  const [list] = useState(() => createConnectionList(new Rest({ baseUrl: BASE_PATH }), nowMs))

  useEffect(() => {
    void list.choose('http1')
    return () => list.closeAll()
  }, [list])

  return (
    <div className={css.exhibit}>
      <Controls list={list} />
      <Observation list={list} />
      <Attempts list={list} />
      <p className={css.note}>
        A server cannot lift the limit: it is the browser's, for all tabs together, and counts hosts by their name. Six
        open streams also hold up everything else that goes to the host: REST, images, the page itself. HTTP/2 has no
        such limit; here the server allows 250 streams a connection. WebSockets are counted apart.
      </p>
    </div>
  )
}

function Controls({ list }: { readonly list: ConnectionList }) {
  const { version, origin, problem } = useObservable(list.state)
  return (
    <div className={css.controls}>
      <fieldset className={css.versions} aria-label="Version of HTTP">
        {VERSIONS.map(([name, label]) => (
          <button
            key={name}
            type="button"
            aria-pressed={name === version}
            data-testid={`version-${name}`}
            onClick={() => void list.choose(name)}
          >
            {label}
          </button>
        ))}
      </fieldset>
      <fieldset className={css.actions} aria-label="Connections" disabled={origin === ''}>
        <button type="button" data-testid="open-stream" onClick={() => list.openStreams(1)}>
          + Stream
        </button>
        <button type="button" data-testid="open-six" onClick={() => list.openStreams(6)}>
          Open six
        </button>
        <button type="button" data-testid="open-twelve" onClick={() => list.openStreams(STREAMS_MAX)}>
          Open twelve
        </button>
        <button type="button" data-testid="open-fetch" onClick={() => list.openFetch()}>
          + Fetch
        </button>
        <button type="button" data-testid="close-all" onClick={() => list.closeAll()}>
          Close all
        </button>
      </fieldset>
      <p className={css.problem} role="status" data-testid="connections-problem">
        {problem}
      </p>
    </div>
  )
}

function Observation({ list }: { readonly list: ConnectionList }) {
  const { version, origin, attempts } = useObservable(list.state)
  const now = useNow()
  const isOwn = origin !== '' && origin === location.origin
  return (
    <>
      <p className={css.observation} role="status" data-testid="connections-observation">
        {observationOf(version, attempts, isOwn ? 1 : 0, now)}
      </p>
      {origin !== '' && (
        <p className={css.note}>
          To <code>{origin}</code>
          {version === 'http1' && !isOwn && ', so that the six of this page stay free for the dashboard'}
          {version === 'http1' &&
            isOwn &&
            ", which the dashboard's own data and requests come from, too: they wait with the others"}
          {version === 'http2' && !isOwn && (
            <>
              . If it fails, <a href={`${origin}${BASE_PATH}/`}>open it once</a> and accept its certificate
            </>
          )}
          .
        </p>
      )}
    </>
  )
}

function Attempts({ list }: { readonly list: ConnectionList }) {
  const { attempts } = useObservable(list.state)
  const now = useNow()
  if (attempts.length === 0) return null
  const fromMs = attempts[0]!.askedMs
  const toMs = Math.max(now, fromMs + AXIS_MS)
  return (
    <ol className={css.rows} aria-label="Connections">
      {attempts.map(attempt => (
        <AttemptRow
          key={attempt.number}
          attempt={attempt}
          nowMs={now}
          fromMs={fromMs}
          toMs={toMs}
          onClose={() => list.close(attempt.number)}
        />
      ))}
    </ol>
  )
}
