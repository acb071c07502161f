// The report as one self-contained HTML page: for each sample a table of all facts and a grid of plots. No scripts.

import { type FactName, factOf } from '../facts/fact-targets.ts'
import { sum } from '../facts/statistics.ts'
import { REAL_NAMES } from '../facts/targets/fact.ts'
import type { Judgement, Verdict } from '../facts/verdict.ts'
import { formatBand, formatFigure, formatInterval, formatJudgement, formatNumber } from './figures.ts'
import { PAGE_STYLE } from './page-style.ts'
import { panelsOf, type ReportPanel } from './panels.ts'
import { drawPlot } from './plot/plot.ts'
import { escapeText } from './plot/svg.ts'
import { type Sample, tally } from './sample.ts'
import { titleOf } from './text-table.ts'

/** What repeats the report. */
export interface ReportOrigin {
  readonly command: string
  readonly version: string
}

/** The first fact of each group of the table. */
const RULED: ReadonlySet<FactName> = new Set([
  'kurtosis1s',
  'hillIndex',
  'absAcfLag1',
  'volumeCorrelation',
  'eventGapCv',
  'cancelsPerLimit',
  'roundLotShare',
  'cancelledLife',
  'spreadMedian',
  'impactExponent',
])

export function reportPage(samples: readonly Sample[], origin: ReportOrigin): string {
  const sections = samples.map((sample, index) => section(sample, index))
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Stylised facts of a simulated market</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
<h1>Stylised facts of a simulated market</h1>
<p class="lead">${escapeText(leadOf(samples))}</p>
${sections.join('\n')}
${notes(origin)}
</main>
</body>
</html>
`
}

function leadOf(samples: readonly Sample[]): string {
  const tallies = samples.map(tally)
  const [met, judged] = [sum(tallies.map(found => found.met)), sum(tallies.map(found => found.judged))]
  return `${met} of ${judged} facts are inside their targets, which are set by real markets. Each is shown beside real days and, where known, beside ABIDES, the best-known market simulator.`
}

function section(sample: Sample, index: number): string {
  const { name, origin, days, events, impact, verdicts } = sample
  const shown = panelsOf(sample).map((panel, i) => figure(panel, verdicts, `clip-${index}-${i}`))
  const metaorders = impact === undefined ? '' : ` and ${impact.orders.toLocaleString('en')} metaorders`
  const size = `${events.toLocaleString('en')} events of the order flow${metaorders}`
  const over = days > 1 ? ` Values are medians over ${days} days, with their 95 % confidence intervals.` : ''
  return `<section${sample.isSimulated ? ' class="simulated"' : ''}>
<h2>${escapeText(name)}</h2>
<p class="origin">${escapeText(origin)}: ${size}.${over}</p>
${table(verdicts)}
<div class="grid">
${shown.join('\n')}
</div>
</section>`
}

function table(verdicts: readonly Verdict[]): string {
  const headings = ['Fact', 'Median', '95 %', 'Target', '', ...REAL_NAMES, 'ABIDES']
  const head = headings.map(heading => `<th scope="col">${heading}</th>`).join('')
  return `<div class="table numbers"><table>
<thead><tr>${head}</tr></thead>
<tbody>
${verdicts.map(row).join('\n')}
</tbody>
</table></div>`
}

function row(verdict: Verdict): string {
  const fact = factOf(verdict.fact)
  const { value, interval, band, judgement } = verdict
  const references = [...REAL_NAMES.map(name => fact.real?.[name]), fact.abides].map(figure =>
    formatFigure(figure, fact.decimals),
  )
  const fields = [
    `<td title="${escapeText([fact.measure, fact.source ?? ''].filter(Boolean).join('; '))}">${escapeText(titleOf(fact))}</td>`,
    `<td class="value">${formatNumber(value, fact.decimals)}</td>`,
    `<td class="interval">${formatInterval(interval, fact.decimals)}</td>`,
    `<td>${formatBand(band, fact)}</td>`,
    `<td class="${classOf(judgement)}">${formatJudgement(judgement)}</td>`,
    ...references.map(text => `<td class="reference">${text}</td>`),
  ]
  return `<tr${RULED.has(verdict.fact) ? ' class="ruled"' : ''}>${fields.join('')}</tr>`
}

function classOf(judgement: Judgement): string {
  return judgement === 'not met' ? 'unmet' : judgement.replace(' ', '-')
}

function figure({ plot, facts, caption }: ReportPanel, verdicts: readonly Verdict[], id: string): string {
  const lines = facts.map(name => factLine(verdicts.find(verdict => verdict.fact === name)!))
  return `<figure>
<h3>${escapeText(plot.title)}</h3>
${drawPlot(plot, id)}
<figcaption>${escapeText(caption)}</figcaption>
${lines.length === 0 ? '' : `<ul class="facts">${lines.join('')}</ul>`}
</figure>`
}

function factLine({ fact: name, value, band, judgement }: Verdict): string {
  const fact = factOf(name)
  const target = band === undefined ? '' : ` <span class="limits">(${formatBand(band, fact)})</span>`
  const verdict = judgement === 'not judged' ? '' : ` <span class="${classOf(judgement)}">${judgement}</span>`
  return `<li>${escapeText(titleOf(fact))} <b>${formatNumber(value, fact.decimals)}</b>${target}${verdict}</li>`
}

function notes({ command, version }: ReportOrigin): string {
  const text = [
    'Blue: the sample, as the median over its days with the band between the quartiles. Green: the target.',
    'Curves of AMZN, AAPL and TAQ are measured by the same code as the samples.',
    'AMZN is NASDAQ on 2012-06-21, the whole day, best prices only; AAPL and MSFT are the first hour of that day within fifty levels; TAQ is two days of a US share in the table and 22 days of minutes in the plots.',
    'Points of MSFT and ranges of ABIDES (RMSC04 with its defaults, five seeds of one day) are published or earlier measurements.',
  ]
  return `<p class="notes">${escapeText(text.join(' '))}</p>
<p class="notes">Made by <code>${escapeText(command)}</code>, version ${escapeText(version)}.</p>`
}
