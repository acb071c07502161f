// Schemas of an instrument, its trading phase and its price bands.

import Type, { type Static } from 'typebox'
import { PHASES, SYMBOL_PATTERN } from '../constants/instruments.ts'
import { price, text } from './fields.ts'

export const Phase = Type.Enum([...PHASES], { description: 'The trading phase (FIX 340)' })

export const Bands = Type.Object(
  { low: price('Lowest price at which it trades now'), high: price('Highest price at which it trades now') },
  { description: 'The price bands in force' },
)
export type Bands = Static<typeof Bands>

export const Instrument = Type.Object(
  {
    symbol: Type.String({ pattern: SYMBOL_PATTERN, description: 'Its name in orders and events' }),
    name: text('Its full name'),
    tickSize: price('Prices are whole multiples of it'),
    lotSize: Type.Integer({ minimum: 1, description: 'Sizes are whole multiples of it' }),
    priceDecimals: Type.Integer({ minimum: 0, description: 'Decimals to show a price with' }),
    phase: Phase,
    bands: Bands,
  },
  {
    $id: 'Instrument',
    description: 'An instrument and its present trading phase',
    examples: [
      {
        symbol: 'VELTR',
        name: 'Veltrane Semiconductor',
        tickSize: 0.01,
        lotSize: 1,
        priceDecimals: 2,
        phase: 'continuous',
        bands: { low: 175.11, high: 193.55 },
      },
    ],
  },
)
export type Instrument = Static<typeof Instrument>
