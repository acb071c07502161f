// The public door of the simulators package. The cli/ folder is not behind it: nothing imports a command.

export { INSTRUMENTS, selectInstruments } from './instruments.ts'
export { type LobsterFileName, parseLobsterFileName } from './lobster/file-name.ts'
export { LobsterError, type LobsterErrorCode } from './lobster/lobster-error.ts'
export { type LobsterMessages, parseLobster } from './lobster/messages.ts'
export {
  createLobsterReplay,
  type LobsterFigures,
  type LobsterReplay,
  type LobsterReplayOptions,
} from './lobster/replay.ts'
export { createMarket, type MarketOptions } from './market.ts'
export type { MarketDoor, MarketSource, SourceState } from './market-source.ts'
export { createSimulation, type Simulation } from './simulation.ts'
export { encodeHeader, encodeLine, parseHeader, TAPE_FORMATS, type TapeFormat, type TapeHeader } from './tape.ts'
