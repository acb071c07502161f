// The simulations of the server, newest first. One is shown when it is chosen.

'use client'

import type { SimulationSummary } from '@papertape/protocol'
import { describeJob, STATE_TEXTS } from './job-texts.ts'
import css from './simulator.module.css'

interface JobListProps {
  readonly jobs: readonly SimulationSummary[] | undefined
  readonly shownId: string | undefined
  readonly onShow: (id: string) => void
}

export function JobList({ jobs, shownId, onShow }: JobListProps) {
  return (
    <section className={css.jobs} aria-labelledby="simulations">
      <h2 id="simulations">Simulations on the server</h2>
      {jobs === undefined && <p className={css.faint}>Loading…</p>}
      {jobs?.length === 0 && <p className={css.faint}>None yet. Two can run at once, and eight more can wait.</p>}
      <ul data-testid="simulations">
        {jobs?.map(job => (
          <li key={job.id}>
            <button
              type="button"
              aria-current={job.id === shownId ? 'true' : undefined}
              onClick={() => onShow(job.id)}
              data-testid={`job-${job.id}`}
              data-state={job.state}
            >
              <span>{describeJob(job)}</span>
              <span className={css.jobState}>
                {job.state === 'running' && job.progress !== null
                  ? `${Math.floor(job.progress.fraction * 100)} %`
                  : STATE_TEXTS[job.state]}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
