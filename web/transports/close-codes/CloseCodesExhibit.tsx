// The exhibit of the close codes: each with a button that makes it happen on a connection of its own, what the page saw
// of it, and what the client does next, drawn as it runs.

'use client'

import { openOrderChannel } from '@papertape/client'
import { useEffect, useMemo, useRef, useState } from 'react'
import { BASE_PATH } from '../../base-path.ts'
import { useDashboard } from '../../dashboard/dashboard-context.tsx'
import { service } from '../exhibit/service.ts'
import { CodeList } from './CodeList.tsx'
import css from './close-codes.module.css'
import { type CloseRun, type CloseRunPorts, startCloseRun } from './close-run.ts'
import type { ProvocationName } from './provocations.ts'
import { RunReport } from './RunReport.tsx'

const FAILURES = [0, 1, 2, 3, 4] as const

export function CloseCodesExhibit() {
  const { frames } = useDashboard()
  const [run, setRun] = useState<CloseRun>()
  const [failures, setFailures] = useState(0)
  const report = useRef<HTMLElement>(null)
  const ports = useMemo<CloseRunPorts>(
    () => ({
      openChannel: options => openOrderChannel({ ...options, baseUrl: BASE_PATH }),
      control: (control, body) => service.send('POST', `/v1/lab/${control}`, body),
      nowMs: () => performance.now(),
      frames,
    }),
    [frames],
  )
  useEffect(() => () => run?.stop(), [run])

  const start = (provocation: ProvocationName) => {
    setRun(startCloseRun(ports, provocation, failures))
    // On narrow screens it is above the list.
    report.current?.scrollIntoView({ block: 'nearest' })
  }

  return (
    <div className={css.screen}>
      <section ref={report} className={css.report} aria-labelledby="report-title">
        <div className={css.sticky}>
          <h3 id="report-title">What the page saw</h3>
          <label className={css.failures}>
            Then let attempts fail
            <select
              value={failures}
              onChange={({ target }) => setFailures(Number(target.value))}
              data-testid="failures"
            >
              {FAILURES.map(count => (
                <option key={count} value={count}>
                  {count === 0 ? 'none' : count}
                </option>
              ))}
            </select>
          </label>
          {run === undefined ? (
            <p className={css.text}>
              Choose a button of the list. It opens a WebSocket for this alone; the dashboard keeps its own.
            </p>
          ) : (
            <RunReport run={run} />
          )}
        </div>
      </section>
      <CodeList shown={run?.provocation} onStart={start} />
    </div>
  )
}
