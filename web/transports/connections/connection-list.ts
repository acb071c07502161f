// Opens and closes the exhibit's connections, with plain fetches, and keeps what became of each. No React. Created by
// ConnectionsExhibit.tsx, which closes all of them when it is left.

import type { Rest } from '@papertape/client'
import { BASE_PATH } from '../../base-path.ts'
import { createObservable, type Observable } from '../../reactive/observable.ts'
import { readServerOrigins, type ServerOrigins } from '../exhibit/server-origins.ts'
import {
  type AttemptEvent,
  type AttemptKind,
  type ConnectionAttempt,
  isActive,
  nextAttempt,
  refusalOf,
} from './attempts.ts'
import type { ConnectionVersion } from './observation.ts'

export interface ConnectionListState {
  readonly version: ConnectionVersion
  /** Scheme, host and port that the connections go to; empty while it is looked up, or where there is none. */
  readonly origin: string
  readonly attempts: readonly ConnectionAttempt[]
  /** Why something was not done; empty if there is nothing. */
  readonly problem: string
}

export interface ConnectionList {
  readonly state: Observable<ConnectionListState>
  /** Closes what is open, and goes on with this version of HTTP. */
  choose(version: ConnectionVersion): Promise<void>
  openStreams(count: number): void
  openFetch(): void
  close(number: number): void
  closeAll(): void
}

/** One quote a second at most keeps the streams alive and light. */
const STREAM_PATH = '/v1/stream?events=quote&maxHz=1&snapshot=false'
const FETCH_PATH = '/v1/instruments'
const NOT_HAD: Readonly<Record<ConnectionVersion, string>> = {
  http1: 'This page comes through a proxy, and no address of the server over HTTP/1.1 is known here.',
  http2: 'This page comes over HTTP/1.1 through a proxy, and no address of the server over HTTP/2 is known here.',
}

export function createConnectionList(rest: Rest, nowMs: () => number): ConnectionList {
  const state = createObservable<ConnectionListState>({ version: 'http1', origin: '', attempts: [], problem: '' })
  const aborts = new Map<number, AbortController>()
  let lastNumber = 0

  const change = (part: Partial<ConnectionListState>) => state.set({ ...state.get(), ...part })

  function update(number: number, next: (attempt: ConnectionAttempt) => ConnectionAttempt): void {
    change({ attempts: state.get().attempts.map(one => (one.number === number ? next(one) : one)) })
  }

  const report = (number: number, event: AttemptEvent) => update(number, one => nextAttempt(one, event, nowMs()))

  async function choose(version: ConnectionVersion): Promise<void> {
    closeAll()
    change({ version, origin: '', attempts: [], problem: '' })
    try {
      const origin = await reachable(await readServerOrigins(rest), version)
      if (state.get().version === version)
        change({ origin: origin ?? '', problem: origin === undefined ? NOT_HAD[version] : '' })
    } catch {
      change({ problem: 'The server does not answer. Choose a version again when it does.' })
    }
  }

  function open(kind: AttemptKind): void {
    const { origin, attempts } = state.get()
    const refusal = kind === 'stream' ? refusalOf(attempts) : undefined
    if (refusal !== undefined) {
      change({ problem: refusal })
      return
    }
    const number = ++lastNumber
    const abort = new AbortController()
    aborts.set(number, abort)
    change({ attempts: [...attempts, { number, kind, state: 'waiting', askedMs: nowMs() }], problem: '' })
    const url = `${origin}${BASE_PATH}${kind === 'stream' ? STREAM_PATH : FETCH_PATH}`
    void run(number, url, abort.signal)
  }

  async function run(number: number, url: string, signal: AbortSignal): Promise<void> {
    try {
      const response = await fetch(url, { cache: 'no-store', credentials: 'omit', signal })
      if (!response.ok || response.body === null) throw new Error(`answered with ${response.status}`)
      report(number, 'answered')
      const reader = response.body.getReader()
      for (let isFirst = true; !(await reader.read()).done; isFirst = false) {
        if (isFirst) update(number, one => ({ ...one, firstEventMs: nowMs() }))
      }
      report(number, 'closed')
    } catch {
      // Closed by the user, or not reached: the row says which.
      report(number, signal.aborted ? 'closed' : 'failed')
    }
  }

  function close(number: number): void {
    aborts.get(number)?.abort()
    report(number, 'closed')
    change({ problem: '' })
  }

  function closeAll(): void {
    for (const { number } of state.get().attempts.filter(isActive)) close(number)
  }

  return {
    state,
    choose,
    openStreams(count) {
      for (let opened = 0; opened < count; opened++) open('stream')
    },
    openFetch: () => open('fetch'),
    close,
    closeAll,
  }
}

/** The other name of the host may not lead here: then the page's own. */
async function reachable({ http1, http2 }: ServerOrigins, version: ConnectionVersion): Promise<string | undefined> {
  if (version === 'http2' || http1 === undefined || http1 === location.origin)
    return version === 'http1' ? http1 : http2
  try {
    await fetch(`${http1}${BASE_PATH}${FETCH_PATH}`, { method: 'HEAD', cache: 'no-store', credentials: 'omit' })
    return http1
  } catch {
    return location.protocol === 'http:' ? location.origin : undefined
  }
}
