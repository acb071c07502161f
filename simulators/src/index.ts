// The public API of the simulators package: free of Node modules. `./input` has the file readers; cli/ is not exported.

export { type BatchRun, openBatchRun } from './analysis/batch/batch-run.ts'
export { reportData } from './analysis/batch/report-data.ts'
export { type DayOptions, simulateDay } from './analysis/days/simulate-day.ts'
export { besideAbides, COMPARED_WITH, type ComparedFact } from './analysis/report/beside-abides.ts'
export { instrumentsOf, selectInstruments } from './market/instruments.ts'
export { SESSION_MS } from './market/intraday-profile.ts'
export { createSimulatedMarket, type SimulatedMarket, type SimulatedMarketOptions } from './market/market.ts'
export { PRESETS, type Preset } from './market/preset.ts'
export { seedRandom } from './market/random/random.ts'
export { SCENARIOS } from './market/scenarios/catalogue.ts'
export { scenarioNames } from './market/scenarios/scenario-of.ts'
export type { MarketSettings } from './market/settings/market-schema.ts'
export type { MarketPort, MarketSource, ScenarioDesk, SourceState } from './market-source.ts'
export type { MarketDay } from './order-flow/market-day.ts'
export { FLOW, isSameMarketOrder, type OrderFlow } from './order-flow/order-flow.ts'
export { parsePace } from './pace.ts'
export { createPast, type Past, type PastDay, type PastSettings } from './past/past.ts'
export {
  type PlannedScenario,
  type RunningScenario,
  SCENARIO_NAMES,
  type ScenarioName,
} from './planned-scenario.ts'
export { progressFigures } from './recording/run-progress.ts'
export {
  encodeHeader,
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
export {
  type AccountRuleSettings,
  accountRulesOf,
  nameOfAccountRules,
  parseMargin,
  parsePerShare,
  parseRate,
  STANDARD_ACCOUNT_RULES,
} from './rules/account-rules.ts'
export { configuredTexts } from './rules/configured-rules.ts'
export {
  hoursOf,
  nameOfRules,
  parsePercent,
  parseSchedule,
  type RuleSettings,
  rulesOf,
  STANDARD_RULES,
} from './rules/market-rules.ts'
export { runHeader, runTimes } from './run-options/run-header.ts'
export { formatScenarioSchedule, parseScenarioSchedule, ScheduleError } from './run-options/scenario-schedule.ts'
export { timeOfDay } from './run-options/time-of-day.ts'
export { createSimulation, type Simulation } from './simulation.ts'
