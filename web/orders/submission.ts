// What has become of something that was asked of the exchange, from the page's side: sent, slow, refused, filled. Pure:
// `next` is the whole machine. The desk keeps one for each order sent; the ticket shows the latest.
//
//   sent ──delay──▶ slow ──deadline──▶ unknown ──absent──▶ absent      an answer or a fill may come in any of the four
//     └──accepted──▶ working ──partFilled──▶ partFilled ──filled──▶ filled
//     └──refused──▶ refused         working, partFilled ──canceled, expired──▶ canceled, expired

export const SUBMISSION_STATES = [
  'sent',
  'slow',
  'unknown',
  'absent',
  'working',
  'partFilled',
  'filled',
  'canceled',
  'expired',
  'refused',
] as const
export type SubmissionState = (typeof SUBMISSION_STATES)[number]

export const SUBMISSION_EVENTS = [
  'delay',
  'deadline',
  'absent',
  'accepted',
  'partFilled',
  'filled',
  'canceled',
  'expired',
  'refused',
] as const
/**
 * `delay` and `deadline`: no answer yet. `absent`: the account, asked after a reconnect, knows nothing of it.
 * The rest is what the exchange says.
 */
export type SubmissionEvent = (typeof SUBMISSION_EVENTS)[number]

type Row = Readonly<Record<SubmissionEvent, SubmissionState>>

/** Before an answer: whatever the exchange says is news. */
const OPEN = {
  absent: 'absent',
  accepted: 'working',
  partFilled: 'partFilled',
  filled: 'filled',
  canceled: 'canceled',
  expired: 'expired',
  refused: 'refused',
} as const

const stay = (state: SubmissionState): Row => ({
  delay: state,
  deadline: state,
  absent: state,
  accepted: state,
  partFilled: state,
  filled: state,
  canceled: state,
  expired: state,
  refused: state,
})

const TABLE: Readonly<Record<SubmissionState, Row>> = {
  sent: { ...OPEN, delay: 'slow', deadline: 'unknown' },
  slow: { ...OPEN, delay: 'slow', deadline: 'unknown' },
  // Not lost for good: the same clientOrderId, sent again, gives the first answer.
  unknown: { ...OPEN, delay: 'unknown', deadline: 'unknown' },
  // Should it have been on its way still, the exchange has the last word.
  absent: { ...OPEN, delay: 'absent', deadline: 'absent' },
  working: { ...stay('working'), partFilled: 'partFilled', filled: 'filled', canceled: 'canceled', expired: 'expired' },
  partFilled: { ...stay('partFilled'), filled: 'filled', canceled: 'canceled', expired: 'expired' },
  filled: stay('filled'),
  canceled: stay('canceled'),
  expired: stay('expired'),
  refused: stay('refused'),
}

export function next(state: SubmissionState, event: SubmissionEvent): SubmissionState {
  return TABLE[state][event]
}

/** No more is to come. */
export function isOver(state: SubmissionState): boolean {
  return state === 'filled' || state === 'canceled' || state === 'expired' || state === 'refused'
}

/** Nobody knows yet what came of it. */
export function isOpen(state: SubmissionState): boolean {
  return state === 'sent' || state === 'slow' || state === 'unknown'
}

export const SUBMISSION_LABELS: Readonly<Record<SubmissionState, string>> = {
  sent: 'Sent',
  slow: 'Slow: no answer yet',
  unknown: 'Timed out: finding out what came of it',
  absent: 'Not received by the exchange',
  working: 'Accepted, working',
  partFilled: 'Partly filled',
  filled: 'Filled',
  canceled: 'Canceled',
  expired: 'Expired',
  refused: 'Refused',
}
