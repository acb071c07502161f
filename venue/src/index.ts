// The venue: the one writer of the market, the port to its journal, and recovery. Runs in a server, a page or a test.

export { decodeEvent, encodeEvent, encodePrivateEvent } from './event-encoding.ts'
export { CASH_EVENT_GLOBS, changesCash } from './journal/cash-events.ts'
export { firstIndex } from './journal/first-index.ts'
export type {
  AccountRows,
  Checkpoint,
  CheckpointHead,
  Flush,
  Journal,
  LoggedCommand,
  OrderArchiveStore,
  OrderSeqs,
  StoredCheckpoint,
} from './journal/journal.ts'
export { EventDamaged, JournalDamaged, JournalOutdated } from './journal/journal-errors.ts'
export { MemoryJournal, type SavedJournal } from './journal/memory-journal.ts'
export { type OrderEnd, type OrderRecord, orderOf, parseOrderId, recordsOf } from './journal/order-records.ts'
export { RetentionClock } from './journal/retention-clock.ts'
export { applyChanges, changesBetween, type SourceChanges } from './journal/source-changes.ts'
export type { MarketLog, MarketLogEntry } from './log/market-log.ts'
export { ManualClock } from './manual-clock.ts'
export { formatPace } from './market/market-clock.ts'
export {
  type MarketPlan,
  type OpenableMarket,
  planSimulation,
  type ReplayPlan,
  type SimulatedPlan,
} from './market/market-plan.ts'
export { Histogram, type HistogramCounts, SECONDS_BOUNDS } from './measures/histogram.ts'
export type { VenueCounts } from './measures/venue-measures.ts'
export type * from './messages.ts'
export { readInstrument } from './reads/market-reader.ts'
export { Follower, type FollowerOptions } from './recovery/follower.ts'
export { type OpenedJournal, openMemoryJournal } from './recovery/opened-journal.ts'
export { type Recovered, recover, restoreExchange } from './recovery/recovery.ts'
export { type VerifiedJournal, verifyJournal } from './recovery/verify.ts'
export { checkpointOf } from './sequencer/checkpoint.ts'
export { Sequencer, type SequencerOptions } from './sequencer/sequencer.ts'
export { Venue, type VenueDeps, type VenueOptions } from './venue.ts'
