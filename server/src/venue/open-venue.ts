// Opens the venue of a server: a journal in a folder or in memory, recovered, and the venue on it. Called in the worker
// thread.

import type { Clock } from '@papertape/protocol'
import { type FromVenue, type OpenableMarket, Venue, type VenueOptions } from '@papertape/venue'
import { openJournal } from '../journal/open-journal.ts'

export interface ServerVenueOptions extends VenueOptions {
  /** Has a folder for each market; undefined keeps the journal in memory. */
  readonly dataFolder: string | undefined
  /** Clear this market's journal first. */
  readonly fresh?: boolean
  /** Go on from what can be read of a damaged journal, in a new epoch. */
  readonly repair?: boolean
}

export interface ServerVenueDeps {
  readonly market: OpenableMarket
  readonly send: (message: FromVenue) => void
  readonly clock: Clock
  /** The epoch of a new log: lower-case letters and digits, unlike any before. */
  readonly newEpoch: () => string
}

/** @throws errors of openJournal(). */
export function openVenue(options: ServerVenueOptions, { market, send, clock, newEpoch }: ServerVenueDeps): Venue {
  const { dataFolder, fresh = false, repair = false } = options
  const opened = openJournal(market, { dataFolder, fresh, repair }, newEpoch)
  return new Venue(options, { market, opened, send, clock })
}
