// The simulations of POST /v1/simulations: their states, and what one may ask for.

export const SIMULATION_STATES = ['queued', 'running', 'done', 'failed', 'canceled'] as const
export type SimulationState = (typeof SIMULATION_STATES)[number]

export const SIMULATION_PRESETS = ['small-tick', 'large-tick', 'mixed'] as const

/** Bounds what one simulation costs: some seconds of a core, and some tens of megabytes. */
export const SIMULATION_LIMITS = {
  symbolsMax: 8,
  /** A trading day. */
  durationMaxMs: 23_400_000,
  durationMinMs: 60_000,
} as const

/** What is simulated when nothing else is asked for. */
export const SIMULATION_DEFAULTS = { preset: 'mixed', duration: '1h', symbols: 2 } as const
