// Code samples of one thing in several languages: a tab for each, and a button that copies the one that is shown. The
// language stays chosen from exhibit to exhibit.

'use client'

import { useId, useState } from 'react'
import { createObservable } from '../../reactive/observable.ts'
import { useObservable } from '../../reactive/use-observable.tsx'
import { moveFocus } from '../../ui/roving-focus.ts'
import css from './code-samples.module.css'

export interface CodeSample {
  /** `curl`, `JavaScript`, `Python`. */
  readonly language: string
  readonly code: string
}

const chosen = createObservable('')

export function CodeSamples({ samples, label }: { readonly samples: readonly CodeSample[]; readonly label: string }) {
  const id = useId()
  const language = useObservable(chosen)
  const shown = samples.find(sample => sample.language === language) ?? samples[0]
  if (shown === undefined) return null
  return (
    <div className={css.samples} data-testid="code-samples">
      <div className={css.bar}>
        <div className={css.tabs} role="tablist" aria-label={label} onKeyDown={moveFocus}>
          {samples.map(sample => (
            <button
              key={sample.language}
              type="button"
              role="tab"
              data-stop
              tabIndex={sample === shown ? 0 : -1}
              aria-selected={sample === shown}
              aria-controls={id}
              onClick={() => chosen.set(sample.language)}
            >
              {sample.language}
            </button>
          ))}
        </div>
        <CopyButton text={shown.code} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: code that is wider than its box is scrolled by keyboard */}
      <pre id={id} className={css.code} role="tabpanel" tabIndex={0} aria-label={`${label}, ${shown.language}`}>
        <code>{shown.code}</code>
      </pre>
    </div>
  )
}

/** A page that is not served securely has no clipboard: the button says so. */
function CopyButton({ text }: { readonly text: string }) {
  const [copied, setCopied] = useState<{ readonly text: string; readonly result: string }>()
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setCopied({ text, result: 'Copied' })
    } catch {
      setCopied({ text, result: 'Not allowed: select and copy' })
    }
  }
  return (
    <button type="button" className={css.copy} onClick={() => void copy()}>
      <span role="status">{copied?.text === text ? copied.result : 'Copy'}</span>
    </button>
  )
}
