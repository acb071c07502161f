// Which transport the feed session uses: streams, or polls where streams do not pass. Pure; session-machine.ts asks at each loss.

import { streamTrialMs } from '../platform/backoff.ts'
import type { StatusReason } from '../platform/connection-status.ts'
import type { StepContext } from '../platform/state-machine.ts'
import { type SessionState, SHORT_STREAMS_MAX } from './session-state.ts'

export const FELL_BACK: StatusReason = {
  code: 'stream-does-not-pass',
  text: 'Streams end at once or stay mute while polls are answered: something on the way holds streams back',
}
const FELL_FORWARD: StatusReason = { code: 'poll-does-not-pass', text: 'Polls get no answer: streaming is tried again' }

/** Polling, though a stream was wished for. */
export function fellBack({ choice, transport }: SessionState): boolean {
  return choice === 'auto' && transport === 'longPoll'
}

/** For the next connection: the other transport, where this one does not pass and that one does, or may. */
export function changeTransport(state: SessionState, at: StepContext): SessionState {
  const { choice, transport, shortStreams, pollPassed } = state
  if (choice !== 'auto' || shortStreams < SHORT_STREAMS_MAX) return state
  if (transport === 'longPoll') {
    return { ...state, transport: 'sse', shortStreams: 0, streamTryAtMs: undefined, reason: FELL_FORWARD }
  }
  if (!pollPassed) return state
  const streamTryAtMs = at.nowMs + streamTrialMs(state.streamTries, at.chance)
  return { ...state, transport: 'longPoll', shortStreams: 0, streamTryAtMs, reason: FELL_BACK }
}

/** A person's wish, or a new network: what did not pass before may pass now. */
export const afresh = (state: SessionState): SessionState =>
  state.choice === 'auto'
    ? { ...state, transport: 'sse', shortStreams: 0, pollPassed: false, streamTries: 0, streamTryAtMs: undefined }
    : state
