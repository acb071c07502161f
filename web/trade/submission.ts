// What has become of something that was asked of the exchange, from the page's side: sent, slow, refused, filled. Pure:
// `next` is the whole machine. The desk keeps one for each order sent; the ticket shows the latest.
//
//   sent ──delay──▶ slow ──deadline──▶ unknown          an answer or a fill may come in any of the three
//     └──accepted──▶ working ──partFilled──▶ partFilled ──filled──▶ filled
//     └──refused──▶ refused         working, partFilled ──ended──▶ ended

export const SUBMISSION_STATES = [
  'sent',
  'slow',
  'unknown',
  'working',
  'partFilled',
  'filled',
  'ended',
  'refused',
] as const
export type SubmissionState = (typeof SUBMISSION_STATES)[number]

export const SUBMISSION_EVENTS = ['delay', 'deadline', 'accepted', 'partFilled', 'filled', 'ended', 'refused'] as const
/**
 * `delay` and `deadline`: no answer yet. `ended`: canceled or expired by the exchange or its owner.
 * The rest is what the exchange says.
 */
export type SubmissionEvent = (typeof SUBMISSION_EVENTS)[number]

type Row = Readonly<Record<SubmissionEvent, SubmissionState>>

/** Before an answer: whatever the exchange says is news. */
const OPEN = {
  accepted: 'working',
  partFilled: 'partFilled',
  filled: 'filled',
  ended: 'ended',
  refused: 'refused',
} as const

const stay = (state: SubmissionState): Row => ({
  delay: state,
  deadline: state,
  accepted: state,
  partFilled: state,
  filled: state,
  ended: state,
  refused: state,
})

const TABLE: Readonly<Record<SubmissionState, Row>> = {
  sent: { ...OPEN, delay: 'slow', deadline: 'unknown' },
  slow: { ...OPEN, delay: 'slow', deadline: 'unknown' },
  // Not lost for good: the same clientOrderId, sent again, gives the first answer.
  unknown: { ...OPEN, delay: 'unknown', deadline: 'unknown' },
  working: { ...stay('working'), partFilled: 'partFilled', filled: 'filled', ended: 'ended' },
  partFilled: { ...stay('partFilled'), filled: 'filled', ended: 'ended' },
  filled: stay('filled'),
  ended: stay('ended'),
  refused: stay('refused'),
}

export function next(state: SubmissionState, event: SubmissionEvent): SubmissionState {
  return TABLE[state][event]
}

/** No more is to come. */
export function isOver(state: SubmissionState): boolean {
  return state === 'filled' || state === 'ended' || state === 'refused'
}

export const SUBMISSION_LABELS: Readonly<Record<SubmissionState, string>> = {
  sent: 'Sent',
  slow: 'Slow: no answer yet',
  unknown: 'Timed out',
  working: 'Accepted, working',
  partFilled: 'Partly filled',
  filled: 'Filled',
  ended: 'Canceled',
  refused: 'Refused',
}
