// The facts of the impact of metaorders, with their targets.

import { both, type Fact } from './fact.ts'

export const IMPACT_FACTS = {
  impactExponent: {
    title: 'Impact exponent of metaorders',
    unit: '',
    decimals: 2,
    measure:
      'slope of log I/sigma by log Q/V over bins of Q/V from 0.1 to 10 %, net of the move of the fundamental value',
    bands: both(0.4, 0.6),
    pooled: true,
    source: 'Sato and Kanazawa 2024, all liquid shares in Tokyo: 0.489 ± 0.0015',
  },
  impactPrefactor: {
    title: 'Impact prefactor Y',
    unit: '',
    decimals: 2,
    measure: 'of the same fit',
    bands: both(0.3, 2),
    pooled: true,
    source: 'of order 1',
  },
  impactRemaining: {
    title: 'Remaining impact',
    unit: '',
    decimals: 2,
    measure: 'as long after the end as the metaorder took, over the impact at its end',
    bands: both(0.5, 0.8),
    pooled: true,
  },
  impactExponentPlain: {
    title: 'Impact exponent, gross of the value move',
    unit: '',
    decimals: 2,
    measure: 'the same slope of the whole move of the mid; too noisy to be judged over twenty days',
    pooled: true,
  },
  ownImpactPrefactor: {
    title: "Impact prefactor of a user's metaorders",
    unit: '',
    decimals: 2,
    measure:
      'least squares of I = Y sigma sqrt(Q/V) for buyers of 0.25 to 4 % of the day at 15 % of the volume, against the same market without them',
    bands: both(0.3, 2),
    pooled: true,
    source: 'of order 1',
  },
  ownImpactExponent: {
    title: 'Exponent of that impact',
    unit: '',
    decimals: 2,
    measure: 'slope of log mean impact by log Q/V; too noisy to be judged over twenty days',
    pooled: true,
  },
} as const satisfies Record<string, Fact>
