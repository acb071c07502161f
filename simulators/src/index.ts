// The public door of the simulators package. The cli/ folder is not behind it: nothing imports a command.

export { BitstampError } from './bitstamp/bitstamp-error.ts'
export { type BitstampLog, isBitstampLine, parseBitstamp } from './bitstamp/log.ts'
export { type BitstampReplay, createBitstampReplay } from './bitstamp/replay.ts'
export { PRESETS, type Preset } from './facts/bars.ts'
export type { MarketDay } from './flow/market-day.ts'
export { FLOW, type OrderFlow } from './flow/order-flow.ts'
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
export { createMarket, type MarketOptions, type SimulatedMarket } from './market.ts'
export type { MarketDoor, MarketSource, ScenarioDesk, SourceState } from './market-source.ts'
export { parsePace } from './pace.ts'
export { isScenarioName, SCENARIO_NAMES, type ScenarioName } from './scenarios/catalogue.ts'
export type { PlannedScenario } from './scenarios/director.ts'
export { type DayOptions, simulateDay } from './simulate-day.ts'
export { createSimulation, type Simulation } from './simulation.ts'
export { encodeHeader, encodeLine, parseHeader, TAPE_FORMATS, type TapeFormat, type TapeHeader } from './tape.ts'
