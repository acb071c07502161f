// What the page's connection shows of the order channel: its state, since when the account is stale, and the round
// trip, which is measured while the channel is live. Opens and closes nothing: orders/desk/desk.ts does.

import type { ChannelState, OrderEntry, SharedChannelState } from '@papertape/client'
import type { ConnectionState, PageConnection } from '../../connections/connection.ts'

export interface ChannelMonitor {
  show(state: SharedChannelState): void
  stop(): void
}

export interface ChannelMonitorDeps {
  nowMs(): number
  /** Runs it unless the page has stopped by then. */
  later(run: () => void, delayMs: number): void
  /** The one that is open now. */
  channel(): OrderEntry | undefined
  noteFailure(error: unknown): void
}

const PING_MS = 5_000

/** The channel's phases as states of the page's connections. */
const CONNECTION_STATES: Readonly<Record<ChannelState['phase'], ConnectionState>> = {
  connecting: 'connecting',
  loggingOn: 'connecting',
  ready: 'live',
  waiting: 'waiting',
  closed: 'closed',
}

export function createChannelMonitor(
  connection: PageConnection,
  { nowMs, later, channel, noteFailure }: ChannelMonitorDeps,
): ChannelMonitor {
  let isMeasuring = false

  function measure(): void {
    const measured = channel()
    if (isMeasuring || measured === undefined) return
    isMeasuring = true
    measured
      .ping()
      .then(roundTripMs => connection.update({ roundTripMs }), noteFailure)
      .finally(() => {
        later(() => {
          isMeasuring = false
          if (connection.current.state === 'live') measure()
        }, PING_MS)
      })
  }

  return {
    show(state) {
      const since = connection.current.staleSinceMs
      const isSilent = state.silent || (state.phase === 'ready' && state.freshness === 'stale')
      connection.update({
        state: isSilent ? 'stale' : CONNECTION_STATES[state.phase],
        staleSinceMs: {
          live: null,
          // A channel that replaced a stale one has no account data yet: stays stale.
          none: since,
          stale: since ?? state.lastArrivalMs ?? state.staleSinceMs ?? nowMs(),
        }[state.freshness],
        retries: state.attempts,
        retryAtMs: state.retryInMs === undefined ? null : nowMs() + state.retryInMs,
        note: state.reason?.text ?? null,
        sharing: state.sharing,
      })
      if (state.phase === 'ready') measure()
    },
    stop() {
      isMeasuring = false
    },
  }
}
