// The table of header fields: what each costs with every request over HTTP/1.1, and under HPACK with the first, second
// and tenth.

'use client'

import { formatSize, NOTHING } from '../../format/format.ts'
import type { HeaderCost } from './header-costs.ts'
import css from './headers.module.css'

export function HeaderTable({ costs }: { readonly costs: readonly HeaderCost[] }) {
  const sum = (of: (cost: HeaderCost) => number) => formatSize(costs.reduce((total, cost) => total + of(cost), 0))
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that is wider than its box is scrolled by keyboard
    <section className={css.scroll} tabIndex={0} aria-label="Header fields of a request">
      <table className={css.table} data-testid="headers-table">
        <thead>
          <tr>
            <th scope="col" rowSpan={2}>
              Header field
            </th>
            <th scope="col" rowSpan={2} className="num">
              HTTP/1.1, each time
            </th>
            <th scope="colgroup" colSpan={3} className={css.group}>
              HPACK, by request
            </th>
          </tr>
          <tr>
            {['1st', '2nd', '10th'].map(which => (
              <th key={which} scope="col" className="num">
                {which}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {costs.map(cost => (
            <tr key={cost.name} data-name={cost.name}>
              <th scope="row">
                {cost.name}
                <span className={css.value}>
                  {cost.value ?? 'not shown; the HPACK size of the first is an estimate'}
                </span>
              </th>
              <td className="num">{bytesText(cost.http1Bytes)}</td>
              {cost.hpackBytes.map((bytes, at) => (
                <td key={WHICH[at]} className="num">
                  {bytesText(bytes)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr data-name="total">
            <th scope="row">Total bytes</th>
            <td className="num">{sum(({ http1Bytes }) => http1Bytes)}</td>
            {WHICH.map((which, at) => (
              <td key={which} className="num">
                {sum(({ hpackBytes }) => hpackBytes[at]!)}
              </td>
            ))}
          </tr>
        </tfoot>
      </table>
    </section>
  )
}

const WHICH = ['first', 'second', 'tenth'] as const
const bytesText = (bytes: number) => (bytes === 0 ? NOTHING : formatSize(bytes))
