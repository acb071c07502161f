// Which transport the feed session uses: a stream, or polls where streams do not pass. Pure; session-machine.ts calls
// it at each loss and each result of a probe.

import { streamTrialMs } from '../platform/backoff.ts'
import type { StatusReason } from '../platform/connection-status.ts'
import type { StepContext } from '../platform/state-machine.ts'

export type FeedTransport = 'sse' | 'longPoll'
export type TransportSetting = 'auto' | FeedTransport

/** After so many short or silent streams in a row, while a poll passes, the feed is polled. */
export const SHORT_STREAMS_MAX = 3

export interface TransportSelection {
  readonly choice: TransportSetting
  /** In use, or used by the next connection. */
  readonly transport: FeedTransport
  /** Streams in a row that were short or silent. */
  readonly shortStreams: number
  /** The transport that is being tried beside the one in use. */
  readonly probe: FeedTransport | undefined
  /** A poll was answered while streams did not pass. */
  readonly pollPassed: boolean
  /** Streams that were tried and failed since the feed is polled. */
  readonly streamTrials: number
  /** When the next one is tried; undefined unless polling. */
  readonly streamTrialAtMs: number | undefined
}

export const FELL_BACK: StatusReason = {
  code: 'stream-does-not-pass',
  text: 'Streams end at once or stay silent while polls are answered: a proxy or firewall seems to hold streams back',
}
const POLL_FAILED: StatusReason = { code: 'poll-does-not-pass', text: 'Polls are not answered: trying to stream again' }

export function startSelection(choice: TransportSetting): TransportSelection {
  return {
    choice,
    transport: choice === 'longPoll' ? 'longPoll' : 'sse',
    shortStreams: 0,
    probe: undefined,
    pollPassed: false,
    streamTrials: 0,
    streamTrialAtMs: undefined,
  }
}

/** Polling, although a stream was preferred. */
export function hasFallenBack({ choice, transport }: TransportSelection): boolean {
  return choice === 'auto' && transport === 'longPoll'
}

/**
 * Whether polls pass while streams do not is seen only by trying both at once: a server that stalls answers neither.
 */
export function needsPollProbe({ choice, transport, shortStreams }: TransportSelection): boolean {
  return choice === 'auto' && transport === 'sse' && shortStreams >= SHORT_STREAMS_MAX - 1
}

interface SelectionChange {
  readonly transports: TransportSelection
  readonly reason: StatusReason
}

/** For the next connection: the other transport, if this one does not pass and that one does or may; else undefined. */
export function changeTransport(selection: TransportSelection, at: StepContext): SelectionChange | undefined {
  const { choice, transport, shortStreams, pollPassed, streamTrials } = selection
  if (choice !== 'auto' || shortStreams < SHORT_STREAMS_MAX) return undefined
  const changed = { ...selection, shortStreams: 0 }
  if (transport === 'longPoll') {
    return { transports: { ...changed, transport: 'sse', streamTrialAtMs: undefined }, reason: POLL_FAILED }
  }
  if (!pollPassed) return undefined
  const streamTrialAtMs = at.nowMs + streamTrialMs(streamTrials, at.chance)
  return { transports: { ...changed, transport: 'longPoll', streamTrialAtMs }, reason: FELL_BACK }
}

/** The user asked for it, or the network is another: what did not pass before may pass now. */
export function resetSelection(selection: TransportSelection): TransportSelection {
  if (selection.choice !== 'auto') return selection
  return { ...startSelection('auto'), probe: selection.probe }
}

/**
 * The stream that was tried passed. One short stream more and it polls again at once, since polls are known to pass.
 */
export function selectStream(selection: TransportSelection): TransportSelection {
  const streamTrials = selection.streamTrials + 1
  const shortStreams = SHORT_STREAMS_MAX - 1
  return { ...selection, transport: 'sse', shortStreams, streamTrials, streamTrialAtMs: undefined }
}

/** The stream that was tried did not pass: the next trial is later. */
export function postponeStreamTrial(selection: TransportSelection, at: StepContext): TransportSelection {
  const streamTrials = selection.streamTrials + 1
  return { ...selection, streamTrials, streamTrialAtMs: at.nowMs + streamTrialMs(streamTrials, at.chance) }
}
