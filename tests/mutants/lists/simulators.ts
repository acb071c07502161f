// Bugs of the past of a simulated market, as a chart shows it, and of configurations.

import type { Mutant } from '../mutant.ts'

export const SIMULATORS: readonly Mutant[] = [
  {
    breaks: 'a falling minute closes below its low',
    file: 'simulators/src/past/minute-bar.ts',
    text: 'Math.min(open, close) - extreme()',
    replacement: 'open - extreme()',
  },
  {
    breaks: 'a bar has fewer trades than prices',
    file: 'simulators/src/past/minute-bar.ts',
    text: 'Math.max(leastTrades(open, high, low, close), Math.round(lots / tradeLots))',
    replacement: 'Math.round(lots / tradeLots)',
  },
  {
    breaks: 'prices never pass beyond where a minute begins and ends',
    file: 'simulators/src/past/minute-bar.ts',
    text: 'return Math.round((Math.sqrt(squared) - width) / 2)',
    replacement: 'return 0',
  },
  {
    breaks: 'the minute in which the market began has a bar of the past',
    file: 'simulators/src/past/past.ts',
    text: 'Math.min(day * DAY_MS + endMs, openTime - (openTime % MINUTE_MS))',
    replacement: 'Math.min(day * DAY_MS + endMs, openTime)',
  },
  {
    breaks: 'a market that opens after the end of trading has had no day',
    file: 'simulators/src/past/past.ts',
    text: 'Math.floor((openTime + DAY_MS - endMs) / DAY_MS)',
    replacement: 'Math.floor(openTime / DAY_MS)',
  },
  {
    breaks: 'all instruments have the same past',
    file: 'simulators/src/past/past.ts',
    text: `seedRandom(seed, spec.symbol, 'past')`,
    replacement: `seedRandom(seed, '*', 'past')`,
  },
  {
    breaks: 'instruments do not move together in the past',
    file: 'simulators/src/past/past.ts',
    text: 'volatilityShape * beta * factorAt(minutesBack++)',
    replacement: '0 * factorAt(minutesBack++)',
  },
  {
    breaks: 'volume has no shape of the day',
    file: 'simulators/src/past/past.ts',
    text: 'activityShape * paceOf',
    replacement: 'paceOf',
  },
  {
    breaks: 'an agent that is left out acts',
    file: 'simulators/src/market/market.ts',
    text: 'if (!enabled) return create',
    replacement: 'if (rate === 0) return create',
  },
  {
    breaks: 'a tape of a configured run is repeated as one of the usual market',
    file: 'simulators/src/cli/options/run-plan.ts',
    text: 'Object.keys(difference).length === 0',
    replacement: 'Object.keys(difference).length >= 0',
  },
  {
    breaks: 'a scenario that a configuration changes in part has no steps in the header',
    file: 'simulators/src/configuration/whole-configuration.ts',
    text: 'agents, scenarios: own }',
    replacement: 'agents, scenarios }',
  },
]
