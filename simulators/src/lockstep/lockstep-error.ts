// Why a request of a lockstep session is refused. The session goes on: nothing of a refused request has been done.

/** Code and meaning. The text of an error says what was wrong and what to do. */
export const LOCKSTEP_ERRORS = {
  'bad-json': 'The request is not a JSON object in one line',
  'bad-request': 'The request is malformed, or a value of it is out of range',
  'bad-order': 'One of its orders is malformed',
  'unknown-episode': 'No such episode',
  'unknown-checkpoint': 'No such checkpoint',
  'episode-over': 'The episode has reached its end',
  'too-many': 'The session has as many episodes or checkpoints as it may',
  'too-large': 'The request is longer than a request may be',
} as const
export type LockstepErrorCode = keyof typeof LOCKSTEP_ERRORS

export class LockstepError extends Error {
  readonly code: LockstepErrorCode

  constructor(code: LockstepErrorCode, text: string) {
    super(text)
    this.name = 'LockstepError'
    this.code = code
  }
}
