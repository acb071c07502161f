// The interface of what makes a market: it acts at times of its own by desk commands, and its state can be saved and
// restored. Implemented by the simulated market and by replays of real tapes; driven by the server, the CLI and the
// mocks.

import type { BookReader } from '@papertape/engine'
import type { DeskAnswer, DeskCommand, InstrumentSpec, PublishNews, SetPhase } from '@papertape/protocol'
import type { PlannedScenario, RunningScenario } from './planned-scenario.ts'

/** An operator's command that a scenario or a replay issues. */
export type Announcement = SetPhase | PublishNews

/** The exchange as a source sees it. */
export interface MarketPort {
  submit(command: DeskCommand): DeskAnswer
  announce(command: Announcement): void
  readonly book: BookReader
}

/** JSON of a few KB: it is stored with every flush of the journal. */
export type SourceState = Readonly<Record<string, unknown>>

/** The scenarios of a market. */
export interface ScenarioDesk {
  /** Planned and running ones, until they end. */
  readonly running: readonly RunningScenario[]
  /** Those that it can plan. */
  readonly names: readonly string[]
  /** Starts at its time, or with the market's next action when that time has passed. */
  plan(scenario: PlannedScenario): void
}

export interface MarketSource {
  readonly instruments: readonly InstrumentSpec[]
  /** When a simulated market began; absent in a replay of a real tape. */
  readonly openTime?: number
  /** Market time (ms since 1970, with microseconds as a fraction) of its next action; undefined when it has ended. */
  readonly nextTime: number | undefined
  /** Does its next action. Called with the market's clock at nextTime. */
  step(port: MarketPort): void
  /** All it needs to continue after a restart, given the same exchange state. */
  save(): SourceState
  /** Absent in a replay of a real tape. */
  readonly scenarios?: ScenarioDesk
}
