// What is typed into the form of a simulation, checked and turned into a request. Each refusal says what to type. Pure.

import {
  readDuration,
  type ScenariosAnswer,
  SIMULATION_DEFAULTS,
  SIMULATION_LIMITS,
  type SimulationRequest,
} from '@papertape/protocol'

export interface SimulationForm {
  readonly preset: string
  /** Empty: none. */
  readonly scenario: string
  /** When the scenario starts, after the start; empty: its usual time. */
  readonly startsAfter: string
  /** Empty: the server draws one. */
  readonly seed: string
  readonly length: string
  readonly symbols: string
}

export type SimulationField = keyof SimulationForm

/** A text for each field that cannot be used. */
export type FormProblems = Readonly<Partial<Record<SimulationField, string>>>

export const EMPTY_FORM: SimulationForm = {
  preset: SIMULATION_DEFAULTS.preset,
  scenario: '',
  startsAfter: '',
  seed: '',
  length: SIMULATION_DEFAULTS.duration,
  symbols: String(SIMULATION_DEFAULTS.symbols),
}

const SEED_MAX = 0xffff_ffff
const { durationMinMs, durationMaxMs } = SIMULATION_LIMITS
const LENGTHS = 'such as 10m, 1h30m or 6.5h'

export function checkForm(form: SimulationForm, scenarios: ScenariosAnswer): FormProblems {
  const lengthMs = readDuration(form.length.trim())
  const length = checkLength(lengthMs)
  const seed = checkSeed(form.seed.trim())
  const startsAfter = length === undefined ? checkStart(form, scenarios, lengthMs ?? 0) : undefined
  return {
    ...(length !== undefined && { length }),
    ...(seed !== undefined && { seed }),
    ...(startsAfter !== undefined && { startsAfter }),
  }
}

/** Of a form without problems. */
export function requestOf({ preset, scenario, startsAfter, seed, length, symbols }: SimulationForm): SimulationRequest {
  const start = startsAfter.trim()
  return {
    preset,
    duration: length.trim(),
    symbols: Number(symbols),
    ...(seed.trim() !== '' && { seed: Number(seed.trim()) }),
    ...(scenario !== '' && { scenario: start === '' ? scenario : `${scenario}+${start}` }),
  }
}

function checkLength(lengthMs: number | undefined): string | undefined {
  if (lengthMs === undefined) return `Type a length ${LENGTHS}.`
  if (lengthMs < durationMinMs) return 'At least one minute.'
  if (lengthMs > durationMaxMs) return `At most ${durationMaxMs / 3_600_000} hours, a trading day.`
  return undefined
}

function checkSeed(seed: string): string | undefined {
  if (seed === '' || (/^\d{1,10}$/.test(seed) && Number(seed) <= SEED_MAX)) return undefined
  return `A whole number from 0 to ${SEED_MAX}, or nothing for a random one.`
}

function checkStart(form: SimulationForm, scenarios: ScenariosAnswer, lengthMs: number): string | undefined {
  const chosen = scenarios.find(({ name }) => name === form.scenario)
  if (chosen === undefined) return undefined
  const typed = form.startsAfter.trim()
  const startMs = typed === '' ? chosen.usualStartMs : readDuration(typed)
  if (startMs === undefined) return `Type a time after the start, ${LENGTHS}, or nothing for the usual one.`
  if (startMs < lengthMs) return undefined
  const usually = typed === '' ? ` It usually starts after ${startMs / 60_000} minutes.` : ''
  return `The scenario would start after the end of the simulation.${usually}`
}
