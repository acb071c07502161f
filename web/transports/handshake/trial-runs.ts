// Sends handshakes of the laboratory and keeps the last result of each. Knows no markup.

import type { HandshakeAnswer, HandshakeTrial } from '@papertape/protocol'
import { createObservable, type Observable } from '../../reactive/observable.ts'

/** `text`: why the handshake could not be tried. */
export type TrialResult =
  | { readonly type: 'sending' }
  | ({ readonly type: 'answered' } & HandshakeAnswer)
  | { readonly type: 'failed'; readonly text: string }

export interface TrialRuns {
  readonly results: Observable<Readonly<Partial<Record<HandshakeTrial, TrialResult>>>>
  send(trial: HandshakeTrial, key: string | undefined): Promise<void>
}

/** @param post sends a body to `/v1/lab/handshake` */
export function createTrialRuns(post: (body: object) => Promise<HandshakeAnswer>): TrialRuns {
  const results = createObservable<Readonly<Partial<Record<HandshakeTrial, TrialResult>>>>({})
  const set = (trial: HandshakeTrial, result: TrialResult) => results.set({ ...results.get(), [trial]: result })
  return {
    results,
    async send(trial, key) {
      set(trial, { type: 'sending' })
      try {
        set(trial, { type: 'answered', ...(await post({ trial, key })) })
      } catch (error) {
        set(trial, { type: 'failed', text: error instanceof Error ? error.message : String(error) })
      }
    },
  }
}
