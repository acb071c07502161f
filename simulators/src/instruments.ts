// The companies that the simulated market lists: invented, with invented tickers. Most liquid ones first, so that the
// first few make a lively market. How each trades (liquidity, volatility) is liquidity.ts's.

import type { InstrumentSpec } from '@papertape/protocol'

const CENT = 100

/** Prices may go to at least four times the previous close; a power of two keeps the engine's ladders simple. */
function list(symbol: string, name: string, previousCloseTicks: number, tickUnits = CENT): InstrumentSpec {
  let priceTicksMax = 1
  while (priceTicksMax < 4 * previousCloseTicks) priceTicksMax *= 2
  return { symbol, name, tickUnits, lotSize: 1, priceTicksMax, previousCloseTicks }
}

export const INSTRUMENTS: readonly InstrumentSpec[] = [
  list('VELTR', 'Veltrane Semiconductor', 18_420),
  list('NIMBR', 'Nimbra Cloud', 9_635),
  list('ORVEX', 'Orvex Motors', 4_180),
  list('HELIA', 'Heliara Solar', 2_274),
  list('BRYST', 'Brystow Bancorp', 5_490),
  list('TORVA', 'Torvane Robotics', 27_310),
  list('KALDR', 'Kaldera Energy', 6_315),
  list('ZEPHA', 'Zephara Airlines', 1_462),
  list('MARDN', 'Mardane Retail', 12_865),
  list('QUILN', 'Quillon Media', 3_755),
  list('OSTEN', 'Ostenfeld Pharma', 14_730),
  list('LUMEQ', 'Lumequa Optics', 8_805),
  list('GRANV', 'Granvik Steel', 2_988),
  list('PELLO', 'Pelloway Foods', 4_826),
  list('CYRRA', 'Cyrra Biologics', 31_245),
  list('DUNMR', 'Dunmere Insurance', 7_650),
  list('ARKTO', 'Arktova Mining', 1_368, 50),
  list('SYLVO', 'Sylvora Timber', 1_834),
  list('FJORD', 'Fjordal Shipping', 824, 50),
  list('MONVA', 'Monvara Holdings', 17_490, 500),
]

/** The first `count` of them, 1 to 20. */
export function selectInstruments(count: number): readonly InstrumentSpec[] {
  if (!Number.isInteger(count) || count < 1 || count > INSTRUMENTS.length) {
    throw new RangeError(`there are 1 to ${INSTRUMENTS.length} instruments to select, not ${count}`)
  }
  return INSTRUMENTS.slice(0, count)
}
