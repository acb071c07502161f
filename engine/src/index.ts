// The public door of the engine package.

export { type Applied, ArchivedExchange } from './archived-exchange.ts'
export { type CheckpointChanges, createExchange, type Exchange, type ExchangeOptions } from './exchange.ts'
export type { BookReader } from './market-data/book-reader.ts'
export type { OrderFlowListener } from './market-data/order-flow.ts'
export type { PrivateEnvelope } from './market-data/private-log.ts'
export { stateHash } from './matching/book-hash.ts'
export { EVENT, INSTRUCTION, RESULT, SELF_TRADE, SIDE } from './matching/codes.ts'
export type { EventBuffer } from './matching/event-buffer.ts'
export { createMatchingEngine, type MatchingEngine, type MatchingEngineOptions } from './matching/matching-engine.ts'
export { type ArchiveState, MemoryArchive } from './memory-archive.ts'
export { type OrderArchive, REMEMBERED_US, withKnown } from './model/order-archive.ts'
export type { StateRow } from './model/recorded.ts'
export { type BandRules, DEFAULT_RULES, LULD_BANDS, type Rules, type ScheduleRules } from './model/rules.ts'
export {
  type AccountState,
  type ExchangeCheckpoint,
  type MarketState,
  type OrderState,
  rowsOfState,
  STATE_VERSION,
  stateFromRows,
} from './state/checkpoint.ts'
