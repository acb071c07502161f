// The state of the last submission: sent, slow, rejected with its code, working, filled. Announced when it changes.

'use client'

import { docsLink, REJECTS, type RejectCode } from '@papertape/protocol'
import { useEffect, useRef } from 'react'
import { BASE_PATH } from '../base-path.ts'
import { formatAge, formatPrice, formatSize, groupNumbers } from '../format/format.ts'
import { SUBMISSION_LABELS } from '../orders/submission.ts'
import type { Submission } from '../orders/submissions.ts'
import css from './SubmissionResult.module.css'

interface ResultProps {
  readonly submission: Submission | null
  readonly decimals: number
  readonly testId: string
}

export function SubmissionResult({ submission, decimals, testId }: ResultProps) {
  const box = useRef<HTMLOutputElement>(null)
  const state = submission?.state
  // It may be outside its scrolling area, and on a phone below the edge of the page.
  useEffect(() => {
    if (state !== undefined) box.current!.scrollIntoView({ block: 'nearest' })
  }, [state])
  return (
    <output
      ref={box}
      className={css.result}
      data-testid={testId}
      data-state={submission?.state ?? 'none'}
      aria-live="polite"
    >
      {submission !== null && <ResultText submission={submission} decimals={decimals} />}
    </output>
  )
}

function ResultText({ submission, decimals }: { readonly submission: Submission; readonly decimals: number }) {
  const { state, description, code, text, tookMs, cumSize, avgPrice } = submission
  return (
    <>
      <strong>{SUBMISSION_LABELS[state]}</strong>
      {tookMs !== null && <span className={css.what}> after {formatAge(tookMs)}</span>}
      {cumSize > 0 && ` · ${formatSize(cumSize)} at ${formatPrice(avgPrice, decimals)}`}
      {text !== null && (
        <>
          <br />
          {groupNumbers(text)} {code !== null && <RejectCodeLink code={code} />}
        </>
      )}
      <br />
      <span className={css.what}>{description}</span>
    </>
  )
}

function RejectCodeLink({ code }: { readonly code: string }) {
  if (!(code in REJECTS)) return <span className={css.code}>{code}</span>
  return (
    <a className={css.code} href={`${BASE_PATH}${docsLink(code as RejectCode)}`} target="_blank" rel="noreferrer">
      {code}
    </a>
  )
}
