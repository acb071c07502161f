// The public door of the engine package.

export { type Applied, ArchivedExchange } from './archived-exchange.ts'
export type { BookReader } from './book-reader.ts'
export {
  type AccountState,
  type ExchangeState,
  type MarketState,
  type OrderState,
  rowsOfState,
  STATE_VERSION,
  stateFromRows,
} from './checkpoint.ts'
export { EVENT, INSTRUCTION, RESULT, SELF_TRADE, SIDE } from './codes.ts'
export type { EventBuffer } from './event-buffer.ts'
export { type CheckpointChanges, createExchange, type Exchange, type ExchangeOptions } from './exchange.ts'
export { createMatchingEngine, type MatchingEngine, type MatchingEngineOptions } from './matching-engine.ts'
export { type ArchiveState, MemoryArchive } from './memory-archive.ts'
export { type OrderArchive, REMEMBERED_US, withKnown } from './order-archive.ts'
export type { OrderFlowListener } from './order-flow.ts'
export type { PrivateEnvelope } from './private-log.ts'
export { type BandRules, DEFAULT_RULES, LULD_BANDS, type Rules, type ScheduleRules } from './rules.ts'
export type { StateRow } from './state-changes.ts'
export { stateHash } from './state-hash.ts'
