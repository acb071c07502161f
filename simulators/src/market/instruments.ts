// The instruments of the simulated market: invented companies with invented tickers, most liquid ones first. Their
// trading parameters are in liquidity.ts.

import { fromCurrency, type InstrumentSpec } from '@papertape/protocol'
import type { Preset } from './preset.ts'
import { REGIMES } from './preset-parameters.ts'
import type { MarketSettings } from './settings/market-schema.ts'

const CENT = 100

/** Prices reach at least four times the previous close, rounded up to a power of two for the engine's price ladder. */
function list(symbol: string, name: string, previousCloseTicks: number, tickUnits = CENT): InstrumentSpec {
  let priceTicksMax = 1
  while (priceTicksMax < 4 * previousCloseTicks) priceTicksMax *= 2
  return { symbol, name, tickUnits, lotSize: 1, priceTicksMax, previousCloseTicks }
}

const LEADERS: readonly InstrumentSpec[] = [
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

/** Smaller companies: ticker, name, previous close in cents. */
const SMALLER = `
ABREN Abrenna Software 5260      ALDOV Aldoval Chemicals 3415      AMBRI Ambrinox Metals 2145     ANVOR Anvora Health 8820
ARBEL Arbelune Cosmetics 6130    ASHMA Ashmarrow Brewing 4275      BALTH Balthane Rail 9940       BELGA Belgarra Textiles 1985
BOLVI Bolvina Agro 2870          BRENL Brenlow Logistics 7360      CALVS Calvessa Hotels 5585     CARRW Carrowick Paper 1740
CELDA Celdane Diagnostics 12480  CINDR Cindrava Copper 2330        CORVI Corviston Data 15620     CRESM Cresmonde Jewels 4890
DALVO Dalvoren Tools 6675        DANBR Danbrisk Dairy 3120         DELMA Delmarque Fashion 4450   DRAVN Dravenholt Defence 11235
EDRIX Edrixa Genomics 9075       ELMST Elmstrand Homes 5710        EMBRL Emberlune Games 3890     ENDST Endrastone Cement 2615
ESKMO Eskmoor Whisky 7145        FENNI Fennivale Water 3330        FERVK Ferrovask Trams 1895     GALDR Galdrassen Turbines 8360
GARRO Garrowex Trucking 2765     GILDM Gildemark Asset 6940        GLENV Glenvorra Farms 2210     GRELS Grelsund Fisheries 3050
HARVN Harvenlow Seeds 4015       HELMG Helmgaard Security 7790     HOLLW Hollowick Studios 2540   ILVER Ilvermond Glass 3675
INDVL Indravel Telecom 2950      ISENM Isenmoor Castings 1640      JARVE Jarvessa Toys 3205       JORVA Jorvalden Wind 4620
KELMR Kelmarra Spices 5340       KESTR Kestranova Drones 8125      KORVE Korvessen Bearings 6285  LANDR Landraven Tractors 9480
LARKM Larkmoore Books 1555       LENVO Lenvostra Lighting 2390     LOCHM Lochmerren Salmon 4135   LUNDQ Lundquilla Furniture 3560
MALDR Maldrigan Oil 7025         MARRO Marroquel Coffee 3810       MELGA Melgarrow Payments 13360 MIREV Mirevanta Sensors 10245
NORVX Norvexil Vaccines 11890    OAKMR Oakmarren Lumber 2075       ORLAV Orlavista Cruises 2680   PENDR Pendraway Courier 4745
PLOVE Plovenor Fertiliser 3990   QUEND Quendalis Quantum 5875      RAVEN Ravenmoth Pictures 3145  REDVA Redvasta Quarries 1810
RIVRM Rivermarsh Power 5085      SANDX Sandrixo Cycles 2420        SELVA Selvarossa Wines 3735    SKARN Skarnholme Ferries 2855
STELV Stelvorra Brakes 6510      TARNM Tarnmoth Networks 8640      THELV Thelvanna Clinics 7465   TOLVX Tolvexar Pumps 4360
UNDRV Undravik Divers 1925       VANDL Vandeluxe Carpets 2785      VESPR Vesperlin Scooters 3260  VORNA Vornalith Batteries 6845
WEXMR Wexmarrow Pens 1690        WINDX Windrixen Kites 2035        WOLVW Wolvarrow Boots 4570     YARRO Yarrowend Tea 3480
YSTRA Ystravia Maps 5160         ZELVA Zelvandra Cameras 7910      ZINDR Zindrasko Zinc 2255      ZORRI Zorrimar Ports 6390
`

function listSmaller(): InstrumentSpec[] {
  const rows = SMALLER.trim().split(/(?<=\d)\s+/)
  return rows.map(row => {
    const [symbol, ...rest] = row.split(' ')
    const cents = Number(rest.at(-1))
    const tickUnits = tickOf(cents)
    return list(symbol!, rest.slice(0, -1).join(' '), (cents * CENT) / tickUnits, tickUnits)
  })
}

/** Half a cent for a low price, five cents for a high one. */
function tickOf(cents: number): number {
  if (cents < 2_000) return CENT / 2
  return cents < 10_000 ? CENT : CENT * 5
}

export const INSTRUMENTS: readonly InstrumentSpec[] = [...LEADERS, ...listSmaller()]

/** The first `count` of them, 1 to 100; with a preset, at prices typical of that regime. */
export function selectInstruments(count: number, preset?: Preset): readonly InstrumentSpec[] {
  if (!Number.isInteger(count) || count < 1 || count > INSTRUMENTS.length) {
    throw new RangeError(`there are 1 to ${INSTRUMENTS.length} instruments to select, not ${count}`)
  }
  return instrumentsOf(
    INSTRUMENTS.slice(0, count).map(({ symbol }) => symbol),
    preset,
  )
}

/**
 * Listed instruments, and those of the settings, by their symbols.
 * @throws {RangeError} for a symbol that neither has.
 */
export function instrumentsOf(
  symbols: readonly string[],
  preset?: Preset,
  settings: MarketSettings = {},
): readonly InstrumentSpec[] {
  return symbols.map(symbol => {
    const usual = listed(symbol, preset, settings)
    const own = settings.instruments?.[symbol]
    if (own === undefined && usual !== undefined) return usual
    if (own?.previousClose === undefined && usual === undefined) throw new RangeError(`there is no ${symbol}`)
    const { name = usual?.name ?? symbol, tickSize, lotSize = usual?.lotSize ?? 1, previousClose } = own!
    const tickUnits = tickSize === undefined ? (usual?.tickUnits ?? CENT) : fromCurrency(tickSize)!
    const closeUnits =
      previousClose === undefined ? usual!.previousCloseTicks * usual!.tickUnits : fromCurrency(previousClose)!
    return { ...list(symbol, name, closeUnits / tickUnits, tickUnits), lotSize }
  })
}

function listed(symbol: string, preset: Preset | undefined, settings: MarketSettings): InstrumentSpec | undefined {
  const index = INSTRUMENTS.findIndex(spec => spec.symbol === symbol)
  const spec = INSTRUMENTS[index]
  if (preset === undefined || spec === undefined) return spec
  const { previousCloseTicks = REGIMES[preset].previousCloseTicks } = settings.regimes?.[preset] ?? {}
  return list(symbol, spec.name, Math.round(previousCloseTicks * priceFactor(index)))
}

/** Multiplies the regime's usual price: 1 for the first instrument, 0.9 to 1.1 for the others. */
function priceFactor(index: number): number {
  return 0.9 + ((index * 7 + 10) % 20) / 100
}
