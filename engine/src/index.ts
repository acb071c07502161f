// The public door of the engine package.

export { EVENT, INSTRUCTION, RESULT, SIDE } from './codes.ts'
export type { EventBuffer } from './event-buffer.ts'
export { createMatchingEngine, type MatchingEngine, type MatchingEngineOptions } from './matching-engine.ts'
export { stateHash } from './state-hash.ts'
