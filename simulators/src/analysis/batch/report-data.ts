// The report of a sample as plain data for JSON: its judged facts, and its plots as layers with axes. A page draws it
// as it likes.

import type { SimulationPlotLayer, SimulationReport } from '@papertape/protocol'
import { factOf } from '../facts/fact-targets.ts'
import { REAL_NAMES } from '../facts/targets/fact.ts'
import type { Verdict } from '../facts/verdict.ts'
import { formatBand, formatFigure, formatNumber } from '../report/figures.ts'
import { panelsOf } from '../report/panels.ts'
import type { Layer } from '../report/plot/layers.ts'
import type { Axis } from '../report/plot/plot.ts'
import { type Sample, tally } from '../report/sample.ts'
import { titleOf } from '../report/text-table.ts'

export function reportData(sample: Sample): SimulationReport {
  const { judged, met } = tally(sample)
  return {
    judgedAs: sample.preset,
    days: sample.days,
    orderEvents: sample.events,
    judged,
    met,
    facts: sample.verdicts.map(factData),
    plots: panelsOf(sample).map(({ plot: { title, x, y, layers }, caption }) => {
      return { title, caption, x: axisData(x), y: axisData(y), layers: layers.map(layerData) }
    }),
  }
}

function factData({ fact: name, value, band, judgement }: Verdict): SimulationReport['facts'][number] {
  const fact = factOf(name)
  const real = REAL_NAMES.flatMap(source => {
    const figure = fact.real?.[source]
    return figure === undefined ? [] : [[source, formatFigure(figure, fact.decimals)] as const]
  })
  return {
    fact: name,
    title: titleOf(fact),
    measure: fact.measure,
    value: finite(value),
    text: formatNumber(value, fact.decimals),
    target: formatBand(band, fact),
    judgement,
    real: Object.fromEntries(real),
  }
}

function axisData({ names, ...axis }: Axis): SimulationReport['plots'][number]['x'] {
  return names === undefined ? axis : { ...axis, names: [...names] }
}

/** Its numbers are the same, in arrays of their own. */
function layerData(layer: Layer): SimulationPlotLayer {
  const fields = Object.entries(layer).map(([name, value]) => [name, Array.isArray(value) ? value.map(finite) : value])
  return Object.fromEntries(fields) as SimulationPlotLayer
}

/** JSON has neither NaN nor infinite numbers: no value, or no limit on that side. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
