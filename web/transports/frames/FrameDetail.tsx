// The chosen frame: its whole text, what a page cannot see of it, and programs that do the same.

'use client'

import { BASE_PATH } from '../../base-path.ts'
import { formatSize } from '../../format/format.ts'
import { CodeSamples } from '../exhibit/CodeSamples.tsx'
import { frameCode } from './frame-code.ts'
import type { LoggedFrame } from './frame-log.ts'
import type { FrameScope } from './frame-scope.ts'
import { headText, wholeText } from './frame-text.ts'
import css from './frames.module.css'

interface FrameDetailProps {
  readonly scope: FrameScope
  readonly chosen: LoggedFrame | undefined
  /** The chosen frame, or the request that it answers. */
  readonly request: LoggedFrame | undefined
}

export function FrameDetail({ scope, chosen, request }: FrameDetailProps) {
  return (
    <div className={css.detail}>
      {chosen === undefined ? (
        <p className={css.more}>Select a frame for its whole text.</p>
      ) : (
        <>
          <h3>
            {chosen.event}
            {chosen.id !== undefined && ` ${chosen.id}`}, {formatSize(chosen.bytes)} B
          </h3>
          <p className={css.note} data-testid="frame-head">
            {headText(chosen)}
          </p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: text larger than its box is scrolled by keyboard */}
          <section className={css.text} tabIndex={0} aria-label="Whole text">
            <pre data-testid="frame-text">{wholeText(chosen)}</pre>
          </section>
        </>
      )}
      <h3>Copy as a program</h3>
      <CodeSamples samples={frameCode(scope, request, `${location.origin}${BASE_PATH}`)} label="Copy as" />
    </div>
  )
}
