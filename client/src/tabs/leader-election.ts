// Which tab leads, as a pure state machine: next(state, event, at) → {state, effects}. The leader is whoever holds the
// group's Web Lock; a leader that does not answer has it stolen. No lock, no channel, no timer here; tab-group.ts runs it.
//
//   idle ─start─▶ seeking ─heard─▶ following ─timeout─▶ doubting ─timeout─▶ stealing ─granted─▶ leading
//                    ▲                 ▲────────heard──────┘                                      │
//                    └──────────────────────────────lost, outranked, resign───────────────────────┘

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

/** A leader that has said nothing for so long is asked whether it is there. */
export const SILENCE_MS = 1_500
/** How long it has to answer; up to SPREAD_MS more, so that not all followers steal at once. */
export const PATIENCE_MS = 1_500
export const SPREAD_MS = 500
/** A steal is granted at once; when it is not, something else is wrong. */
export const STEAL_MS = 5_000
/** A timer that rings so late says that this tab was away itself: the answer may be waiting to be read. */
export const LATE_MS = 750

export interface TabState {
  /**
   * `seeking`: the lock is asked for, no leader has been heard. `following`, `doubting`: the same, with a leader that is
   * heard, or silent. `alone`: the browser has no locks for us. `suspended`: frozen, or kept for the back button.
   */
  readonly kind: TabKind
  /** When a `timeout` is due. */
  readonly deadlineMs: number | undefined
  /** A hidden follower watches nobody: nothing of it is seen, and its timers are not to be relied on. */
  readonly visible: boolean
}

export type TabEvent =
  | { readonly type: 'start' }
  /** The lock is ours. */
  | { readonly type: 'granted' }
  /** The lock was ours, and has been stolen. */
  | { readonly type: 'lost' }
  /** The browser refuses locks to this page. */
  | { readonly type: 'refused' }
  /** The leader in power has said something. */
  | { readonly type: 'leaderMessage' }
  /** While we lead: a leader of a later term speaks. */
  | { readonly type: 'outranked' }
  /** While we lead: give it to another tab, or back to us when there is none. */
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
 * the leader to answer; `lead` and `yield` open and close what the leader holds for all.
 */
export type TabEffect = 'request' | 'steal' | 'release' | 'ping' | 'lead' | 'yield'
export interface TabStep {
  readonly state: TabState
  readonly effects: readonly TabEffect[]
}

export function startTab(visible: boolean): TabState {
  return { kind: 'idle', deadlineMs: undefined, visible }
}

export function next(state: TabState, { type }: TabEvent, at: StepContext): TabStep {
  return TABLE[state.kind][type](state, at)
}

type Cell = (state: TabState, at: StepContext) => TabStep
type Row = { readonly [E in TabEventType]: Cell }

const stay: Cell = state => ({ state, effects: [] })

const patience = ({ nowMs, chance }: StepContext) => nowMs + PATIENCE_MS + Math.round(chance * SPREAD_MS)

/** To a kind that waits for nothing. */
const settle =
  (kind: TabKind, ...effects: TabEffect[]): Cell =>
  state => ({ state: { ...state, kind, deadlineMs: undefined }, effects })

/** To a kind in which a leader has to be heard before the deadline. */
const wonder =
  (kind: TabKind, ...effects: TabEffect[]): Cell =>
  (state, at) => ({ state: { ...state, kind, deadlineMs: patience(at) }, effects })

const follow: Cell = (state, { nowMs }) => ({
  state: { ...state, kind: 'following', deadlineMs: state.visible ? nowMs + SILENCE_MS : undefined },
  effects: [],
})

const steal: Cell = (state, { nowMs }) => ({
  state: { ...state, kind: 'stealing', deadlineMs: nowMs + STEAL_MS },
  effects: ['steal'],
})

const noteHidden: Cell = state => ({ state: { ...state, visible: false }, effects: [] })
const noteShown: Cell = state => ({ state: { ...state, visible: true }, effects: [] })

const seek = wonder('seeking', 'request', 'ping')
const lead = settle('leading', 'lead')
const beAlone = settle('alone', 'release', 'lead')
const standDown = wonder('seeking', 'yield', 'release', 'request', 'ping')

/** A timer may ring early, and a deadline may have moved since it was set. */
const whenDue =
  (then: Cell): Cell =>
  (state, at) =>
    state.deadlineMs !== undefined && at.nowMs >= state.deadlineMs ? then(state, at) : stay(state, at)

/** The leader has had its time, unless it was we who were away. */
const whenMissed =
  (kind: TabKind, then: Cell): Cell =>
  (state, at) =>
    at.nowMs - (state.deadlineMs ?? at.nowMs) > LATE_MS ? wonder(kind, 'ping')(state, at) : then(state, at)

const IGNORE: Row = {
  start: stay,
  granted: stay,
  lost: stay,
  refused: stay,
  leaderMessage: stay,
  outranked: stay,
  resign: stay,
  timeout: stay,
  hidden: noteHidden,
  shown: noteShown,
  suspend: stay,
  resume: stay,
  close: settle('closed'),
}

/** While the lock is asked for and another tab may hold it. */
const QUEUED: Row = {
  ...IGNORE,
  granted: lead,
  lost: seek,
  refused: beAlone,
  leaderMessage: follow,
  suspend: settle('suspended', 'release'),
  close: settle('closed', 'release'),
}

const TABLE: { readonly [K in TabKind]: Row } = {
  idle: { ...IGNORE, start: seek, refused: beAlone },
  seeking: { ...QUEUED, timeout: whenDue(whenMissed('seeking', steal)) },
  following: {
    ...QUEUED,
    timeout: whenDue(wonder('checking', 'ping')),
    hidden: state => ({ state: { ...state, visible: false, deadlineMs: undefined }, effects: [] }),
    shown: (state, at) => wonder('checking', 'ping')({ ...state, visible: true }, at),
  },
  checking: {
    ...QUEUED,
    timeout: whenDue(whenMissed('checking', steal)),
    hidden: (state, at) => follow({ ...state, visible: false }, at),
  },
  // Whatever is heard now was said before the lock was taken away.
  stealing: { ...QUEUED, leaderMessage: stay, timeout: whenDue(wonder('seeking', 'release', 'request', 'ping')) },
  leading: {
    ...IGNORE,
    lost: standDown,
    outranked: standDown,
    resign: standDown,
    suspend: settle('suspended', 'yield', 'release'),
    close: settle('closed', 'yield', 'release'),
  },
  alone: { ...IGNORE, close: settle('closed', 'yield') },
  suspended: { ...IGNORE, refused: beAlone, resume: seek },
  closed: { ...IGNORE, hidden: stay, shown: stay, close: stay },
}
