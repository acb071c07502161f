// Opens the venue of a server: its journal in a folder, or one that is not kept, recovered and ready to run. Called in the
// worker thread, and by tests in their own.

import type { Clock } from '@papertape/protocol'
import { type FromVenue, type OpenableMarket, Venue, type VenueOptions } from '@papertape/venue'
import { openJournal } from '../journal/open-journal.ts'

export interface ServerVenueOptions extends VenueOptions {
  /** The folder that markets are kept in; undefined keeps nothing. */
  readonly dataFolder: string | undefined
  /** Forget what this market's journal holds. */
  readonly fresh?: boolean
  /** Go on from what can be read of a damaged journal, in a new epoch. */
  readonly repair?: boolean
}

export interface ServerVenueDeps {
  readonly market: OpenableMarket
  readonly send: (message: FromVenue) => void
  readonly clock: Clock
  /** Lower-case letters and digits, unlike any before: a new log's epoch. */
  readonly newEpoch: () => string
}

/** @throws what openJournal throws. */
export function openVenue(options: ServerVenueOptions, { market, send, clock, newEpoch }: ServerVenueDeps): Venue {
  const { dataFolder, fresh = false, repair = false } = options
  const opened = openJournal(market, { dataFolder, fresh, repair }, newEpoch)
  return new Venue(options, { market, opened, send, clock })
}
