// The report of a simulation: its stylised facts, judged against the targets of docs/realism.md, and its plots.

'use client'

import type { SimulationReport, SimulationSummary } from '@papertape/protocol'
import { ReportPlot } from './ReportPlot.tsx'
import css from './simulator.module.css'

/** The targets are for days of this length. */
const DAY_MS = 23_400_000
const REAL = ['AAPL', 'MSFT', 'AMZN', 'TAQ'] as const
const JUDGEMENTS = { met: '✓ met', 'not met': '✗ not met', absent: 'too short', 'not judged': '' } as const

interface ReportViewProps {
  readonly report: SimulationReport
  readonly job: SimulationSummary
}

export function ReportView({ report, job: { durationMs, scenarios } }: ReportViewProps) {
  const { judged, met, judgedAs, facts, plots, orderEvents, days } = report
  return (
    <section className={css.report} aria-labelledby="report" data-testid="simulation-report">
      <h3 id="report">
        {met} of {judged} stylised facts inside their targets
      </h3>
      <p className={css.lead}>
        Measured over {orderEvents.toLocaleString('en-US')} changes of the order books
        {days > 1 ? `, the median of ${days} instruments` : ''}, judged as {judgedAs}. The targets are for the median of
        twenty whole days: {durationMs < DAY_MS ? 'a short run' : 'a single day'} misses some of them.
        {scenarios.length > 0 && ' A scenario changes them on purpose.'}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table wider than its box is scrolled by keyboard */}
      <section className={css.tableBox} tabIndex={0} aria-label="Stylised facts">
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">Fact</th>
              <th scope="col" className="num">
                This run
              </th>
              <th scope="col" className="num">
                Target
              </th>
              <th scope="col">Verdict</th>
              {REAL.map(name => (
                <th key={name} scope="col" className="num">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {facts.map(({ fact, title, measure, text, target, judgement, real }) => (
              <tr key={fact} data-judgement={judgement}>
                <th scope="row" title={measure}>
                  {title}
                </th>
                <td className="num">{text}</td>
                <td className="num">{target}</td>
                <td className={css.judgement}>{JUDGEMENTS[judgement]}</td>
                {REAL.map(name => (
                  <td key={name} className="num">
                    {real[name] ?? '–'}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p className={css.lead}>
        AAPL, MSFT and AMZN: NASDAQ on 2012-06-21. TAQ: two days of trades, or 22 days of one-minute prices.
      </p>
      <div className={css.plots}>
        {plots.map(plot => (
          <ReportPlot key={plot.title} plot={plot} />
        ))}
      </div>
    </section>
  )
}
