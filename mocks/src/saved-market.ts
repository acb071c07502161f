// A market that can go on later, as after a restart of the server. Plain data, which a structured clone copies.

import type { Preset } from '@papertape/simulators'
import type { SavedJournal } from '@papertape/venue'

export interface SavedMockMarket {
  readonly market: { readonly seed: number; readonly symbols: number; readonly preset: Preset | undefined }
  readonly journal: SavedJournal
  readonly browserCookie: string | undefined
}
