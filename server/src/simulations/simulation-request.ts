// Checks what is to be simulated, and says in words what can be. Pure, apart from the seed that it is handed.

import { CodedError } from '@papertape/gateway'
import {
  nearestName,
  readDuration,
  SIMULATION_DEFAULTS,
  SIMULATION_LIMITS,
  SIMULATION_PRESETS,
} from '@papertape/protocol'
import type { SimulationRequest } from '@papertape/protocol/schemas'
import {
  formatScenarioSchedule,
  type PlannedScenario,
  parseScenarioSchedule,
  runHeader,
  runTimes,
  ScheduleError,
  selectInstruments,
  type TapeHeader,
} from '@papertape/simulators'

const { symbolsMax, durationMaxMs, durationMinMs } = SIMULATION_LIMITS

/** @throws {CodedError} bad-parameter */
export function readSimulation(request: SimulationRequest, drawSeed: () => number): TapeHeader {
  const preset = readPreset(request.preset ?? SIMULATION_DEFAULTS.preset)
  const durationMs = readLength(request.duration ?? SIMULATION_DEFAULTS.duration)
  const symbols = readSymbolCount(request.symbols ?? SIMULATION_DEFAULTS.symbols)
  const scenarios = readSchedule(request.scenario ?? '', durationMs)
  const seed = request.seed ?? drawSeed()
  const names = selectInstruments(symbols).map(({ symbol }) => symbol)
  return runHeader({ lines: 'tape', orders: null, preset, durationMs, symbols: names, scenarios, seed })
}

/** The command that simulates the same on the reader's own machine. */
export function commandOf(header: TapeHeader): string {
  const { preset, symbols, seed, durationMs, scenarios } = header
  const market = `--preset ${preset} --symbols ${symbols.length} --seed ${seed} --duration ${durationMs / 1_000}s`
  const events = scenarios.length === 0 ? '' : ` --scenario ${formatScenarioSchedule(scenarios, header)}`
  return `npm run sim -- run ${market}${events}`
}

/** The command that starts a live market like it, with the scenarios at its start: they have no other time there. */
export function marketCommandOf({ preset, symbols, seed, scenarios }: TapeHeader): string {
  const market = `--preset ${preset} --symbols ${symbols.length} --seed ${seed}`
  const events = scenarios.length === 0 ? '' : ` --scenario ${scenarios.map(({ name }) => name).join()}`
  return `npm start -- --memory --port 8090 --tls-port 0 ${market}${events}`
}

function readPreset(text: string): (typeof SIMULATION_PRESETS)[number] {
  const found = SIMULATION_PRESETS.find(name => name === text)
  if (found !== undefined) return found
  const nearest = nearestName(text, SIMULATION_PRESETS)
  const guess = nearest === undefined ? '' : `; did you mean ${nearest}?`
  throw invalid(`there is no preset "${text}": the presets are ${SIMULATION_PRESETS.join(', ')}${guess}`)
}

function readLength(text: string): number {
  const durationMs = readDuration(text)
  if (durationMs === undefined) throw invalid(`duration is a length such as 10m, 1h30m or 6.5h, not "${text}"`)
  if (durationMs > durationMaxMs) {
    const most = `${durationMaxMs / 3_600_000} hours, a trading day`
    throw invalid(`a simulation on the server is ${most}, at most, not ${text}; npm run sim -- run takes up to a year`)
  }
  if (durationMs < durationMinMs) throw invalid(`a simulation is a minute at least, not ${text}`)
  return durationMs
}

function readSymbolCount(symbols: number): number {
  if (symbols >= 1 && symbols <= symbolsMax) return symbols
  throw invalid(`symbols is a whole number from 1 to ${symbolsMax}, not ${symbols}; npm run sim -- run takes up to 100`)
}

function readSchedule(text: string, durationMs: number): PlannedScenario[] {
  try {
    return parseScenarioSchedule(text === '' ? undefined : text, runTimes(durationMs))
  } catch (error) {
    if (error instanceof ScheduleError) throw invalid(error.message)
    throw error
  }
}

function invalid(detail: string): CodedError {
  return new CodedError('bad-parameter', detail)
}
