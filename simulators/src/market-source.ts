// What makes a market: something that acts at times of its own by desk commands, and can be put away and taken up again.
// Simulated participants and replayed tapes are both this. The server's sequencer, the CLI and the mocks drive it.

import type { BookReader } from '@papertape/engine'
import type { DeskAnswer, DeskCommand, InstrumentSpec, PublishNews, SetPhase } from '@papertape/protocol'
import type { PlannedScenario } from './planned-scenario.ts'

/** What a scenario has the operator say. */
export type Announcement = SetPhase | PublishNews

/** The one way from a source into the market. */
export interface MarketDoor {
  submit(command: DeskCommand): DeskAnswer
  announce(command: Announcement): void
  readonly book: BookReader
}

/** JSON, a few KB: it is stored with every flush of the journal. */
export type SourceState = Readonly<Record<string, unknown>>

/** What befalls a market. */
export interface ScenarioDesk {
  /** Those that are planned and those that have begun, until they are over. */
  readonly running: readonly PlannedScenario[]
  /** At its time, or at the market's next moment where that has passed. */
  plan(scenario: PlannedScenario): void
}

/** Something that makes a market by desk commands: simulated participants, or a real tape. */
export interface MarketSource {
  readonly instruments: readonly InstrumentSpec[]
  /** Market time (whole ms since 1970) of its next action; undefined when it has ended. */
  readonly nextTime: number | undefined
  /** Does its next action. Called with the market's clock at nextTime. */
  step(door: MarketDoor): void
  /** All it needs to go on after a restart, given the same exchange state. */
  save(): SourceState
  /** A real tape has none: what befell it is in it. */
  readonly scenarios?: ScenarioDesk
}
