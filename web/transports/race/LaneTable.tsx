// The figures of all lanes as a table: what the strips show, for everyone.

import { formatBytes, formatSize, NOTHING } from '../../format/format.ts'
import { formatLatency } from './findings.ts'
import type { LaneFigures } from './lanes/lane-record.ts'
import css from './race.module.css'
import type { LaneResult } from './race.ts'

const bytes = (value: number | undefined) => (value === undefined ? NOTHING : formatBytes(Math.round(value)))

/** The `testid` of a figure is that of its column and lane: `missed-sse`. */
const COLUMNS: readonly (readonly [id: string, title: string, text: (figures: LaneFigures) => string])[] = [
  ['events', 'Events', ({ events }) => formatSize(events)],
  ['median', 'p50', ({ medianMs }) => formatLatency(medianMs)],
  ['p99', 'p99', ({ p99Ms }) => formatLatency(p99Ms)],
  ['body', 'Body an event', ({ bodyBytesPerEvent }) => bytes(bodyBytesPerEvent)],
  ['heads', 'Heads, frames *', ({ headBytesPerEvent }) => bytes(headBytesPerEvent)],
  ['requests', 'Requests', ({ requests }) => formatSize(requests)],
  ['rate', 'A minute', ({ requestsPerMinute }) => formatSize(Math.round(requestsPerMinute))],
  ['reconnect', 'Back after', ({ lastReconnectMs }) => formatLatency(lastReconnectMs)],
  ['missed', 'Missed', ({ missed }) => formatSize(missed)],
  ['repeated', 'Repeated', ({ repeated }) => formatSize(repeated)],
]

export function LaneTable({ results }: { readonly results: readonly LaneResult[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that is wider than its box is scrolled by keyboard
    <section className={css.tableBox} tabIndex={0} aria-label="Figures of the race">
      <table className={css.table}>
        <caption className="visually-hidden">Latency, bytes, requests, missed and repeated events of each lane</caption>
        <thead>
          <tr>
            <th scope="col">Lane</th>
            {COLUMNS.map(([id, title]) => (
              <th key={id} scope="col" className="num">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {results.map(({ name, title, figures }) => (
            <tr key={name}>
              <th scope="row">{title}</th>
              {COLUMNS.map(([id, , text]) => (
                <td key={id} className="num" data-testid={`${id}-${name}`}>
                  {text(figures)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className={css.note}>
        Bodies are measured. * Heads of requests and responses, chunks and frames are computed from the protocol, for a
        page cannot see them; HPACK is estimated. TCP, IP and TLS are not counted.
      </p>
    </section>
  )
}
