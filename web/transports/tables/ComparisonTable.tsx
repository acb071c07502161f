// One comparison as a table. The last column is this server: what it does, what was recorded, what is measured now.

import css from './tables.module.css'
import type { RecordedFigure, TransportRow, TransportTable } from './transport-table.ts'
import type { Measurements } from './use-measurements.tsx'

const HERE = 'On this server'

interface ComparisonTableProps {
  readonly comparison: TransportTable
  readonly measurements: Measurements
}

export function ComparisonTable({ comparison, measurements }: ComparisonTableProps) {
  const { title, note, columns, rows } = comparison
  return (
    <section className={css.comparison}>
      <h3>{title}</h3>
      <p>{note}</p>
      <table className={css.compare} aria-label={title} data-columns={columns.length}>
        <thead>
          <tr>
            <td />
            {[...columns, HERE].map(name => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={row.name}>
              <th scope="row">{row.name}</th>
              {row.cells.map((cell, at) => (
                <td key={columns[at]} data-column={columns[at]}>
                  {cell}
                </td>
              ))}
              <td className={css.here} data-column={HERE}>
                <Here row={row} measurements={measurements} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Here({ row, measurements }: { readonly row: TransportRow; readonly measurements: Measurements }) {
  const { here, measured = [], recorded = [] } = row
  return (
    <div>
      {here}
      {recorded.map(one => (
        <RecordedLine key={one.text} {...one} />
      ))}
      {measured.map(name => {
        const measurement = measurements[name]
        if (measurement === undefined) return null
        const { text, atMs } = measurement
        const time = new Date(atMs).toISOString()
        return (
          <p key={name} className={css.figure} data-testid={`measured-${name}`}>
            {text} <time dateTime={time}>Measured {time.slice(0, 19).replace('T', ' ')} UTC.</time>
          </p>
        )
      })}
    </div>
  )
}

function RecordedLine({ text, date, source }: RecordedFigure) {
  return (
    <p className={css.figure}>
      {text}{' '}
      <time dateTime={date}>
        Measured {date} ({source}).
      </time>
    </p>
  )
}
