// The state machine of one request to the exchange, as the page sees it: sent, slow, refused, filled. Pure: `next` is
// the whole machine. submissions.ts keeps one for each request; the ticket shows the latest.

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
 * `delay` and `deadline`: no answer yet. `absent`: after a reconnect the account does not know the request.
 * All others are the exchange's reports.
 */
export type SubmissionEvent = (typeof SUBMISSION_EVENTS)[number]

type SubmissionTransitions = Readonly<Record<SubmissionEvent, SubmissionState>>

/** Before an answer every report counts. */
const OPEN = {
  absent: 'absent',
  accepted: 'working',
  partFilled: 'partFilled',
  filled: 'filled',
  canceled: 'canceled',
  expired: 'expired',
  refused: 'refused',
} as const

const stay = (state: SubmissionState): SubmissionTransitions => ({
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

const TABLE: Readonly<Record<SubmissionState, SubmissionTransitions>> = {
  sent: { ...OPEN, delay: 'slow', deadline: 'unknown' },
  slow: { ...OPEN, delay: 'slow', deadline: 'unknown' },
  // The answer may still be found: by the account, or by sending the same clientOrderId again.
  unknown: { ...OPEN, delay: 'unknown', deadline: 'unknown' },
  // It may arrive late: a report of the exchange overrides this.
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

/** Whether no further report can change it. */
export function isOver(state: SubmissionState): boolean {
  return state === 'filled' || state === 'canceled' || state === 'expired' || state === 'refused'
}

/** Whether it has no answer yet. */
export function isPending(state: SubmissionState): boolean {
  return state === 'sent' || state === 'slow' || state === 'unknown'
}

export const SUBMISSION_LABELS: Readonly<Record<SubmissionState, string>> = {
  sent: 'Sent',
  slow: 'Sent, waiting for an answer',
  unknown: 'No answer: checking with the exchange…',
  absent: 'Not received by the exchange',
  working: 'Accepted, working',
  partFilled: 'Partly filled',
  filled: 'Filled',
  canceled: 'Canceled',
  expired: 'Expired',
  refused: 'Rejected',
}
