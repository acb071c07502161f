// The names of the two tick-size regimes in which all symbols of a simulated market can trade. Their parameters are in
// preset-parameters.ts, the targets of the facts in analysis/facts/fact-targets.ts.

export const PRESETS = ['small-tick', 'large-tick'] as const
export type Preset = (typeof PRESETS)[number]
