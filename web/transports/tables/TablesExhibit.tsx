// An exhibit: the comparison tables of the documents, with what this server does, and a button that measures it.

'use client'

import { ComparisonTable } from './ComparisonTable.tsx'
import { HTTP_VERSIONS } from './http-comparison.ts'
import { MEASURE_NAMES } from './measures.ts'
import { WEBSOCKETS_BEHIND_PROXIES } from './proxy-comparison.ts'
import { LONG_POLLING, SSE_AND_WEBSOCKET } from './stream-comparisons.ts'
import css from './tables.module.css'
import { useMeasurements } from './use-measurements.tsx'

const COMPARISONS = [SSE_AND_WEBSOCKET, HTTP_VERSIONS, WEBSOCKETS_BEHIND_PROXIES, LONG_POLLING]

export function TablesExhibit() {
  const { measurements, running, measureAll } = useMeasurements()
  const done = Object.keys(measurements).length
  return (
    <div className={css.tables}>
      <div className={css.measure}>
        <button type="button" disabled={running} data-testid="measure" onClick={() => void measureAll()}>
          Measure now
        </button>
        <p role="status" data-testid="measure-state">
          {running
            ? 'Measuring…'
            : done === 0
              ? `Opens a stream, two sockets and some requests, and closes them again. ${MEASURE_NAMES.length} figures.`
              : `${done} figures, from this browser to this server, in the last column.`}
        </p>
      </div>
      {COMPARISONS.map(comparison => (
        <ComparisonTable key={comparison.title} comparison={comparison} measurements={measurements} />
      ))}
    </div>
  )
}
