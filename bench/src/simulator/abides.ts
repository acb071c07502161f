// `npm run bench -- abides`: days of our market beside those of ABIDES, the best-known simulator of an exchange with
// agents: what a day costs, and the facts that were measured of both. ABIDES is not run here: its figures were measured
// once, and the text below says how. So there is no ratio of one run, and no threshold.

import { besideAbides, COMPARED_WITH, type MarketDay, PRESETS, type Preset, simulateDay } from '@papertape/simulators'
import { cpuNs, medianOf } from '../measure.ts'
import { formatTable, writeResults } from '../report.ts'

const FIRST_SEED = 1
const DAYS = 5

/** What was run. */
const ABIDES = {
  configuration: 'RMSC04 with its defaults',
  days: 5,
  secondsADay: [25, 46],
  bookChangesADay: [55_000, 67_000],
}

const EXPLANATION = `ABIDES was measured once, at another time than the above, and this project does not install it:
- ${ABIDES.configuration}, ${ABIDES.days} seeds of a whole day, with pandas 2.2, NumPy 1.26 and a small stand-in for pomegranate that draws
  from the same mixture of sizes. A seed gave the same output each time.
- A day took 25 to 46 seconds by the clock (10,000 to 21,000 messages of its kernel a second) and had 55,000 to 67,000 changes of
  the book.
- A range is from the lowest seed to the highest. Cancels per limit order are of thirty minutes: 2,283 limit orders, 1,230 cancels.
  The other facts of docs/realism.md were not measured of it.
How each fact is measured is in docs/realism.md. To repeat it, run RMSC04 for five seeds, and take these measures of its price and
volume a minute, its spread and its orders. \`papertape-sim report\` has the same column beside all facts.`

interface PresetResult {
  readonly preset: Preset
  readonly bookEvents: number
  readonly seconds: number
  readonly facts: ReturnType<typeof besideAbides>
}

export async function benchAbides(): Promise<boolean> {
  console.log(`Seeds ${FIRST_SEED} to ${FIRST_SEED + DAYS - 1}; medians; CPU time of one thread.\n`)
  const results = PRESETS.map(measurePreset)
  for (const { preset, seconds, bookEvents } of results)
    console.log(`${preset}: ${seconds.toFixed(2)} s for a day of ${bookEvents.toLocaleString('en')} book events`)
  const [first] = results
  const rows = first!.facts.map(({ title, real, abides }, n) => {
    return [title, ...results.map(({ facts }) => facts[n]!.value), ...real, abides]
  })
  console.log(`\n${formatTable([['fact', ...PRESETS, ...COMPARED_WITH, 'ABIDES'], ...rows])}`)
  console.log(`\n${EXPLANATION}`)
  console.log(
    `\nResults: ${writeResults('abides', { settings: { firstSeed: FIRST_SEED, days: DAYS }, results, abides: ABIDES })}`,
  )
  return true
}

function measurePreset(preset: Preset): PresetResult {
  // Warms up.
  simulateDay({ preset, seed: FIRST_SEED })
  const days: MarketDay[] = []
  const ns = Array.from({ length: DAYS }, (_, n) =>
    cpuNs(() => {
      days.push(simulateDay({ preset, seed: FIRST_SEED + n }))
    }),
  )
  return {
    preset,
    bookEvents: medianOf(days.map(({ flow }) => flow.count)),
    seconds: medianOf(ns) / 1e9,
    facts: besideAbides(days, preset),
  }
}
