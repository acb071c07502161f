// Schemas of an instrument, its trading phase and its price bands.

import Type, { type Static } from 'typebox'
import { PHASES, SYMBOL_PATTERN } from '../constants/instruments.ts'

export const Phase = Type.Enum([...PHASES], { description: 'The trading phase' })

export const Bands = Type.Object(
  { low: Type.Number(), high: Type.Number() },
  { description: 'The lowest and the highest price at which it trades now' },
)
export type Bands = Static<typeof Bands>

export const Instrument = Type.Object(
  {
    symbol: Type.String({ pattern: SYMBOL_PATTERN }),
    name: Type.String(),
    tickSize: Type.Number({ description: 'Prices are whole multiples of it' }),
    lotSize: Type.Integer({ description: 'Sizes are whole multiples of it' }),
    priceDecimals: Type.Integer({ description: 'How many decimals a price is shown with' }),
    phase: Phase,
    bands: Bands,
  },
  { $id: 'Instrument' },
)
export type Instrument = Static<typeof Instrument>
