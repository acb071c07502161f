// The public door of the engine package.

export type { BookReader } from './book-reader.ts'
export type { ExchangeState } from './checkpoint.ts'
export { EVENT, INSTRUCTION, RESULT, SIDE } from './codes.ts'
export type { EventBuffer } from './event-buffer.ts'
export { createExchange, type Exchange, type ExchangeOptions } from './exchange.ts'
export { createMatchingEngine, type MatchingEngine, type MatchingEngineOptions } from './matching-engine.ts'
export type { OrderFlowListener } from './order-flow.ts'
export type { PrivateEnvelope } from './private-log.ts'
export { OPEN_ORDERS_MAX } from './risk.ts'
export { stateHash } from './state-hash.ts'
