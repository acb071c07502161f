// The simulation that is shown: progress, log, what can be done with it, and its report when it is done.

'use client'

import type { SimulationSummary } from '@papertape/protocol'
import Link from 'next/link'
import { formatBytes, formatSize } from '../format/format.ts'
import panel from '../ui/Panel.module.css'
import { describeJob, progressText, STATE_TEXTS, STREAM_TEXTS } from './job-texts.ts'
import { ReportView } from './ReportView.tsx'
import css from './simulator.module.css'
import type { Simulator } from './simulator.ts'
import { isUnfinished, type LoggedText, type SimulatorState } from './simulator-state.ts'

interface JobViewProps {
  readonly job: SimulationSummary
  readonly state: SimulatorState
  readonly simulator: Simulator
}

export function JobView({ job, state, simulator }: JobViewProps) {
  const { stream, log, report } = state
  return (
    <article className={css.job} aria-labelledby="shown-simulation" data-testid="simulation" data-state={job.state}>
      <header className={css.jobHead}>
        <h2 id="shown-simulation">{describeJob(job)}</h2>
        <span className={css.state} data-state={job.state} data-testid="simulation-state">
          {STATE_TEXTS[job.state]}
        </span>
        {isUnfinished(job) && (
          <button
            type="button"
            className={css.action}
            onClick={() => void simulator.cancel(job.id)}
            data-testid="cancel-simulation"
          >
            Cancel
          </button>
        )}
      </header>
      <Progress job={job} />
      {STREAM_TEXTS[stream] !== '' && (
        <p className={css.streamNote} role="status" data-testid="simulation-stream">
          {STREAM_TEXTS[stream]}
        </p>
      )}
      {job.failure !== null && (
        <p className={css.problem} role="alert">
          The simulation failed: {job.failure}
        </p>
      )}
      <Log lines={log} />
      {job.result !== null && <Result job={job} tapeUrl={simulator.tapeUrl(job.id)} />}
      {report !== undefined && <ReportView report={report} job={job} />}
    </article>
  )
}

function Progress({ job: { progress, state } }: { readonly job: SimulationSummary }) {
  const fraction = state === 'done' ? 1 : (progress?.fraction ?? 0)
  const waiting = state === 'queued' ? 'Two simulations run; this one starts when one of them ends.' : ''
  return (
    <div className={css.progress}>
      <progress value={fraction} max={1} aria-label="Progress" data-testid="simulation-progress" />
      <p>
        {progress === null ? waiting : progressText(state, progress)}
        {state === 'canceled' && ' Canceled: its tape is deleted.'}
      </p>
    </div>
  )
}

function Log({ lines }: { readonly lines: readonly LoggedText[] }) {
  return (
    <section className={css.log} aria-labelledby="simulation-log">
      <div className={css.logHead}>
        <h3 id="simulation-log">Log</h3>
        <Link
          className={panel.badge}
          href="/transports/#need"
          prefetch={false}
          title="Progress and log over Server-Sent Events: only the server speaks. Why?"
          aria-label="SSE: progress and log use Server-Sent Events. Why?"
          data-testid="transport-badge-simulation"
        >
          <span>SSE</span>
        </Link>
        <p className={css.faint}>Only the server speaks: progress and log need no WebSocket.</p>
      </div>
      <ol data-testid="simulation-log">
        {lines.map(({ id, text }) => (
          <li key={id}>{text}</li>
        ))}
      </ol>
    </section>
  )
}

function Result({ job, tapeUrl }: { readonly job: SimulationSummary; readonly tapeUrl: string }) {
  const { events, bytes, compressedBytes, sha256, elapsedMs } = job.result!
  const seconds = (elapsedMs / 1_000).toFixed(1)
  return (
    <section className={css.result} aria-labelledby="simulation-tape">
      <h3 id="simulation-tape">Tape</h3>
      <p>
        {formatSize(events)} events, {formatBytes(bytes)}, in {seconds} s.{' '}
        <a href={tapeUrl} download data-testid="download-tape">
          Download it ({formatBytes(compressedBytes)}, gzip)
        </a>
      </p>
      <dl className={css.facts}>
        <dt>SHA-256 of the tape</dt>
        <dd data-testid="simulation-sha256">
          <code>{sha256}</code>
        </dd>
        <dt>The same on your machine</dt>
        <dd>
          <code>{job.command} --out day.tape</code>
        </dd>
        <dt>A live market like it</dt>
        <dd data-testid="market-command">
          <code>{job.marketCommand}</code>
        </dd>
      </dl>
      <p className={css.faint}>
        The last command starts a second server on port 8090 with the same seed and participants. It is a market to
        trade in, not a replay of this tape: it begins now, its rules halt trading, and its users change prices. This
        server runs one market only.
      </p>
    </section>
  )
}
