// The public door of the engine package.

export type { BookReader } from './book-reader.ts'
export { type ExchangeState, STATE_VERSION } from './checkpoint.ts'
export { EVENT, INSTRUCTION, RESULT, SELF_TRADE, SIDE } from './codes.ts'
export type { EventBuffer } from './event-buffer.ts'
export { createExchange, type Exchange, type ExchangeOptions } from './exchange.ts'
export { createMatchingEngine, type MatchingEngine, type MatchingEngineOptions } from './matching-engine.ts'
export type { OrderFlowListener } from './order-flow.ts'
export type { PrivateEnvelope } from './private-log.ts'
export { type BandRules, DEFAULT_RULES, LULD_BANDS, type Rules, type ScheduleRules } from './rules.ts'
export { stateHash } from './state-hash.ts'
