// Bars: the header bytes of all requests that this page has made so far, over HTTP/1.1 and under HPACK. Beside them
// what the browser itself reports, which is not a measurement.

'use client'

import type { RequestHeadEcho } from '@papertape/protocol'
import { useState } from 'react'
import { formatBytes, formatSize } from '../../format/format.ts'
import { headerTotals } from './header-costs.ts'
import css from './headers.module.css'
import { readPageFacts } from './page-facts.ts'

export function HeaderTotalsChart({ head }: { readonly head: RequestHeadEcho }) {
  const [{ paths, reportedHeadBytes }] = useState(readPageFacts)
  const { requests, http1Bytes, hpackBytes } = headerTotals(head, location.origin, paths)
  const bars = [
    ['HTTP/1.1', http1Bytes],
    ['HPACK', hpackBytes],
  ] as const
  const saved = Math.round((1 - hpackBytes / http1Bytes) * 100)
  return (
    <figure className={css.totals} data-testid="headers-totals" data-requests={requests}>
      <figcaption>The {formatSize(requests)} requests of this page that the browser has noted: heads sent</figcaption>
      <dl>
        {bars.map(([name, bytes]) => (
          <div key={name} data-bytes={bytes}>
            <dt>{name}</dt>
            <dd>
              <span className={css.bar} style={{ width: `${(bytes / http1Bytes) * 100}%` }} />
              <span>{formatBytes(bytes)}</span>
            </dd>
          </div>
        ))}
      </dl>
      <p>
        HPACK saves {saved}%. Computed as Chromium encodes, on one connection: each request with its own address and the
        other fields of the table. A HEADERS frame adds 9 bytes.
      </p>
      <p data-testid="headers-reported">{reportedText(reportedHeadBytes)}</p>
    </figure>
  )
}

function reportedText(sizes: readonly number[]): string {
  const said = `For the answers' heads the browser reports ${sizes.map(formatSize).join(', ')} bytes`
  return sizes.length === 1
    ? `${said} each: a constant of Resource Timing, not a measurement, so it is not used here.`
    : `${said}. Resource Timing lets browsers report a constant, so it is not used here.`
}
