// One run: the frames before the close, the close event, and the attempts after it.

'use client'

import { CLOSE_CODES, type CloseCode, retryAfterClose } from '@papertape/protocol'
import { formatAge } from '../../format/format.ts'
import { useObservable } from '../../reactive/use-observable.tsx'
import { AttemptChart } from './AttemptChart.tsx'
import { RULE_TEXTS } from './close-code-texts.ts'
import css from './close-codes.module.css'
import type { CloseRun } from './close-run.ts'
import { PROVOCATIONS } from './provocations.ts'
import { RuleChip } from './RuleChip.tsx'
import type { CloseRunState, SeenClose, SeenFrame } from './run-state.ts'
import { useFrameNow } from './use-frame-now.tsx'

export function RunReport({ run }: { readonly run: CloseRun }) {
  const state = useObservable(run.state)
  const isRunning = state.outcome === 'running'
  const nowMs = useFrameNow(isRunning)
  const { label, action } = PROVOCATIONS[run.provocation]
  const openMs = Math.max(0, nowMs - state.startedAtMs)
  return (
    <div data-testid="run" data-provocation={run.provocation} data-outcome={state.outcome}>
      <h4 className={css.label}>
        {label}
        {isRunning && (
          <button type="button" className={css.stop} onClick={run.stop}>
            Stop
          </button>
        )}
      </h4>
      <Frames frames={state.frames} startedAtMs={state.startedAtMs} />
      {state.close === undefined && isRunning && action.type === 'wait' && (
        <p className={css.text}>Open for {(openMs / 1_000).toFixed(1)} s…</p>
      )}
      {state.close !== undefined && <Close close={state.close} startedAtMs={state.startedAtMs} />}
      {state.attempts.length > 0 && <AttemptChart attempts={state.attempts} nowMs={nowMs} />}
      <p className={css.outcome} role="status" data-testid="outcome">
        {outcomeText(state)}
      </p>
    </div>
  )
}

interface FramesProps {
  readonly frames: readonly SeenFrame[]
  readonly startedAtMs: number
}

function Frames({ frames, startedAtMs }: FramesProps) {
  return (
    <ol className={css.frames} data-testid="frames">
      {frames.map(({ direction, kind, text, times, atMs }) => (
        <li key={`${direction} ${kind}`} data-direction={direction}>
          <span className={css.at}>{formatAge(atMs - startedAtMs)}</span>
          <span aria-hidden="true">{direction === 'sent' ? '↑' : '↓'}</span>
          <span className="visually-hidden">{direction}</span>
          <code>
            {text.length > 300 ? `${text.slice(0, 60)}… (${text.length.toLocaleString('en-US')} bytes)` : text}
          </code>
          {times > 1 && <span className={css.times}>× {times}</span>}
        </li>
      ))}
    </ol>
  )
}

function Close({ close, startedAtMs }: { readonly close: SeenClose; readonly startedAtMs: number }) {
  const { code, reason, wasClean, atMs } = close
  const rule = retryAfterClose(code)
  return (
    <>
      <dl className={css.close} data-testid="close-event">
        <div>
          <dt>code</dt>
          <dd>
            {code} {code in CLOSE_CODES && CLOSE_CODES[code as CloseCode].meaning}
          </dd>
        </div>
        <div>
          <dt>reason</dt>
          <dd>“{reason}”</dd>
        </div>
        <div>
          <dt>wasClean</dt>
          <dd>{String(wasClean)}</dd>
        </div>
        <div>
          <dt>after</dt>
          <dd>{formatAge(atMs - startedAtMs)}</dd>
        </div>
      </dl>
      <p className={css.text}>
        <RuleChip rule={rule} /> {RULE_TEXTS[rule].explanation}
      </p>
    </>
  )
}

/** Without figures that change as it runs: it is read out. */
function outcomeText({ outcome, problem, close, attempts }: CloseRunState): string {
  switch (outcome) {
    case 'running':
      if (close === undefined) return 'Waiting for the close.'
      return attempts.length > 0 ? `Attempt ${attempts.length} comes next.` : ''
    case 'reconnected':
      return attempts.length === 1
        ? 'Connected again at the first attempt.'
        : `Connected again at attempt ${attempts.length}.`
    case 'ended':
      return 'The client has given up: it makes no attempt.'
    case 'stopped':
      return 'Stopped.'
    case 'failed':
      return `It did not happen: ${problem}`
  }
}
