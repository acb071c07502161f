// The fills of an account, read from its private stream page by page, in either direction.

import type { VenuePort } from '@papertape/gateway'
import type { Execution, PrivateEvent } from '@papertape/protocol'

const EVENTS_AT_ONCE = 500
/** Private events that are looked at. */
const SEARCHED_MAX = 20_000

export interface FillsQuery {
  readonly accountId: string
  /** From the oldest on, else from the newest back. */
  readonly isRising: boolean
  /** Only those beyond this number of the private stream. */
  readonly beyond: number | undefined
}

export async function* fillsOf(
  venue: VenuePort,
  { accountId, isRising, beyond }: FillsQuery,
): AsyncGenerator<Execution> {
  const { oldest, lastSeq } = (await venue.query('privateRange', { accountId }))!
  let next = beyond === undefined ? (isRising ? oldest : lastSeq) : isRising ? beyond + 1 : beyond - 1
  for (let searched = 0; searched < SEARCHED_MAX && next >= oldest && next <= lastSeq; searched += EVENTS_AT_ONCE) {
    const from = isRising ? next : Math.max(oldest, next - EVENTS_AT_ONCE + 1)
    const limit = isRising ? EVENTS_AT_ONCE : next - from + 1
    const events = await venue.query('privateEvents', { accountId, from, limit })
    const fills = events.map(({ data }) => JSON.parse(data) as PrivateEvent).filter(isFill)
    yield* isRising ? fills : fills.reverse()
    next = isRising ? from + limit : from - 1
  }
}

export function isFill(event: PrivateEvent): event is Execution {
  return event.type === 'execution' && event.lastSize > 0
}
