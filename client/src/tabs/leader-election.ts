// Which tab leads, as a pure state machine: next(state, event, at) → {state, effects}. The leader is the tab that holds
// the group's Web Lock; the lock of a leader that does not answer is stolen. It has no lock, channel or timer;
// tab-group.ts runs it. SPEC.md has the same table, checked by leader-election.test.ts.
//
//   idle ─start─▶ seeking ─leaderMessage─▶ following ─timeout─▶ checking ─timeout─▶ stealing ─granted─▶ leading
//                    ▲                         ▲────leaderMessage────┘                                     │
//                    └──────────────────────────lost, outranked, resign────────────────────────────────────┘

import type { StepContext } from '../platform/state-machine.ts'

export const TAB_KINDS = [
  'idle',
  'seeking',
  'following',
  'checking',
  'stealing',
  'leading',
  'alone',
  'suspended',
  'closed',
] as const
export type TabKind = (typeof TAB_KINDS)[number]

/** After this time without a message the leader is pinged. */
export const SILENCE_MS = 1_500
/** How long it has to answer; up to SPREAD_MS more, so that followers do not all steal at the same time. */
export const PATIENCE_MS = 1_500
export const SPREAD_MS = 500
/** A stolen lock is granted at once; after this time it is requested again. */
export const STEAL_MS = 5_000
/** A timer that is late by this much shows that this tab itself did not run: the answer may be waiting to be read. */
export const LATE_MS = 750

export interface TabState {
  /**
   * `seeking`: the lock is requested, and no leader is known. `following`: a leader is known. `checking`: the leader is
   * silent and was pinged. `alone`: the browser grants no locks. `suspended`: frozen, or in the back-forward cache.
   */
  readonly kind: TabKind
  /** When a `timeout` is due. */
  readonly deadlineMs: number | undefined
  /** A hidden follower does not watch the leader: it shows nothing, and its timers are not reliable. */
  readonly visible: boolean
}

export type TabEvent =
  | { readonly type: 'start' }
  /** The lock was granted. */
  | { readonly type: 'granted' }
  /** The lock was stolen. */
  | { readonly type: 'lost' }
  /** The browser refuses locks to this page. */
  | { readonly type: 'refused' }
  /** A message of the current leader. */
  | { readonly type: 'leaderMessage' }
  /** While leading: a message of a leader with a later term. */
  | { readonly type: 'outranked' }
  /** While leading: let another tab lead; this one again if there is none. */
  | { readonly type: 'resign' }
  | { readonly type: 'timeout' }
  | { readonly type: 'hidden' }
  | { readonly type: 'shown' }
  | { readonly type: 'suspend' }
  | { readonly type: 'resume' }
  | { readonly type: 'close' }
export type TabEventType = TabEvent['type']

/**
 * `request` queues for the lock, `steal` takes it, `release` gives up the lock or the place in the queue; `ping` asks
 * the leader to answer; `lead` and `yield` open and close the shared connection.
 */
export type TabEffect = 'request' | 'steal' | 'release' | 'ping' | 'lead' | 'yield'
interface TabStep {
  readonly state: TabState
  readonly effects: readonly TabEffect[]
}

export function startTab(visible: boolean): TabState {
  return { kind: 'idle', deadlineMs: undefined, visible }
}

export function next(state: TabState, { type }: TabEvent, at: StepContext): TabStep {
  return TABLE[state.kind][type](state, at)
}

type TabTransition = (state: TabState, at: StepContext) => TabStep
type TabTransitions = { readonly [Type in TabEventType]: TabTransition }

const stay: TabTransition = state => ({ state, effects: [] })

const answerDueMs = ({ nowMs, chance }: StepContext) => nowMs + PATIENCE_MS + Math.round(chance * SPREAD_MS)

/** To a kind without a deadline. */
const enter =
  (kind: TabKind, ...effects: TabEffect[]): TabTransition =>
  state => ({ state: { ...state, kind, deadlineMs: undefined }, effects })

/** To a kind in which the leader has to send a message before the deadline. */
const awaitLeader =
  (kind: TabKind, ...effects: TabEffect[]): TabTransition =>
  (state, at) => ({ state: { ...state, kind, deadlineMs: answerDueMs(at) }, effects })

const follow: TabTransition = (state, { nowMs }) => ({
  state: { ...state, kind: 'following', deadlineMs: state.visible ? nowMs + SILENCE_MS : undefined },
  effects: [],
})

const steal: TabTransition = (state, { nowMs }) => ({
  state: { ...state, kind: 'stealing', deadlineMs: nowMs + STEAL_MS },
  effects: ['steal'],
})

const setHidden: TabTransition = state => ({ state: { ...state, visible: false }, effects: [] })
const setShown: TabTransition = state => ({ state: { ...state, visible: true }, effects: [] })

const seek = awaitLeader('seeking', 'request', 'ping')
const lead = enter('leading', 'lead')
const leadAlone = enter('alone', 'release', 'lead')
const stepDown = awaitLeader('seeking', 'yield', 'release', 'request', 'ping')

/** A timer may fire early, and a deadline may have moved since it was set. */
const whenDue =
  (then: TabTransition): TabTransition =>
  (state, at) =>
    state.deadlineMs !== undefined && at.nowMs >= state.deadlineMs ? then(state, at) : stay(state, at)

/** The leader did not answer in time, unless this tab itself did not run. */
const whenMissed =
  (kind: TabKind, then: TabTransition): TabTransition =>
  (state, at) =>
    at.nowMs - (state.deadlineMs ?? at.nowMs) > LATE_MS ? awaitLeader(kind, 'ping')(state, at) : then(state, at)

const IGNORE: TabTransitions = {
  start: stay,
  granted: stay,
  lost: stay,
  refused: stay,
  leaderMessage: stay,
  outranked: stay,
  resign: stay,
  timeout: stay,
  hidden: setHidden,
  shown: setShown,
  suspend: stay,
  resume: stay,
  close: enter('closed'),
}

/** While the lock is requested and another tab may hold it. */
const QUEUED: TabTransitions = {
  ...IGNORE,
  granted: lead,
  lost: seek,
  refused: leadAlone,
  leaderMessage: follow,
  suspend: enter('suspended', 'release'),
  close: enter('closed', 'release'),
}

const TABLE: { readonly [Kind in TabKind]: TabTransitions } = {
  idle: { ...IGNORE, start: seek, refused: leadAlone },
  seeking: { ...QUEUED, timeout: whenDue(whenMissed('seeking', steal)) },
  following: {
    ...QUEUED,
    timeout: whenDue(awaitLeader('checking', 'ping')),
    hidden: state => ({ state: { ...state, visible: false, deadlineMs: undefined }, effects: [] }),
    shown: (state, at) => awaitLeader('checking', 'ping')({ ...state, visible: true }, at),
  },
  checking: {
    ...QUEUED,
    timeout: whenDue(whenMissed('checking', steal)),
    hidden: (state, at) => follow({ ...state, visible: false }, at),
  },
  // Messages that arrive now were sent before the lock was stolen.
  stealing: { ...QUEUED, leaderMessage: stay, timeout: whenDue(awaitLeader('seeking', 'release', 'request', 'ping')) },
  leading: {
    ...IGNORE,
    lost: stepDown,
    outranked: stepDown,
    resign: stepDown,
    suspend: enter('suspended', 'yield', 'release'),
    close: enter('closed', 'yield', 'release'),
  },
  alone: { ...IGNORE, close: enter('closed', 'yield') },
  suspended: { ...IGNORE, refused: leadAlone, resume: seek },
  closed: { ...IGNORE, hidden: stay, shown: stay, close: stay },
}
