// The public API of the engine package.

export { type Applied, ArchivedExchange } from './archived-exchange.ts'
export {
  createExchange,
  type Exchange,
  type ExchangeOptions,
  type FoundToken,
  type ProfiledAccount,
} from './exchange.ts'
export type { BookReader } from './market-data/book-reader.ts'
export type { OrderFlowListener } from './market-data/order-flow.ts'
export type { PrivateEnvelope } from './market-data/private-log.ts'
export { INSTRUCTION, RESULT, SELF_TRADE, SIDE } from './matching/codes.ts'
export { createMatchingEngine, type MatchingEngine } from './matching/matching-engine.ts'
export { type ArchiveState, MemoryArchive } from './memory-archive.ts'
export { type OrderArchive, REMEMBERED_US, withKnown } from './model/order-archive.ts'
export type { StateRow } from './model/recorded.ts'
export { DEFAULT_RULES, LULD_BANDS, type Rules, type ScheduleRules } from './model/rules.ts'
export { hashText } from './primitives/text-hash.ts'
export { unitOf } from './primitives/unit-of.ts'
export {
  type ExchangeCheckpoint,
  type MarketState,
  rowsOfState,
  STATE_VERSION,
  stateFromRows,
} from './state/checkpoint.ts'
