// Why a request for the account failed, for the person who made it: the server's own sentence, without its code.

import { textOf } from '../submissions.ts'

/** @param error of a request of the client, which has the sentence as `detail`. */
export function refusalDetail(error: unknown): string {
  const { detail } = error as { readonly detail?: string }
  return detail ?? textOf(error)
}
