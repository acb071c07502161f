// The public API of the simulators package: free of Node modules. `./input` has the file readers; cli/ is not exported.

export { type DayOptions, simulateDay } from './analysis/days/simulate-day.ts'
export { readDuration } from './duration.ts'
export { selectInstruments } from './market/instruments.ts'
export { SESSION_MS } from './market/intraday-profile.ts'
export { createSimulatedMarket, type SimulatedMarket, type SimulatedMarketOptions } from './market/market.ts'
export { PRESETS, type Preset } from './market/preset.ts'
export { seedRandom } from './market/random/random.ts'
export type { MarketPort, MarketSource, ScenarioDesk, SourceState } from './market-source.ts'
export type { MarketDay } from './order-flow/market-day.ts'
export { FLOW, type OrderFlow } from './order-flow/order-flow.ts'
export { parsePace } from './pace.ts'
export { isScenarioName, type PlannedScenario, SCENARIO_NAMES, type ScenarioName } from './planned-scenario.ts'
export {
  encodeLine,
  type TapeFormat,
  type TapeHeader,
} from './recording/tape.ts'
export { BitstampError } from './replay/bitstamp/bitstamp-error.ts'
export type { BitstampLog } from './replay/bitstamp/log.ts'
export { type BitstampReplay, createBitstampReplay } from './replay/bitstamp/replay.ts'
export type { LobsterFileName } from './replay/lobster/file-name.ts'
export { LobsterError, type LobsterErrorCode } from './replay/lobster/lobster-error.ts'
export { type LobsterMessages, parseLobster } from './replay/lobster/messages.ts'
export {
  createLobsterReplay,
  type LobsterFigures,
  type LobsterReplay,
  type LobsterReplayOptions,
} from './replay/lobster/replay.ts'
export { createSimulation, type Simulation } from './simulation.ts'
