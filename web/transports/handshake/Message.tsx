// An HTTP/1.1 message as it was on the wire. Marks the line that the handshake changes, and says what was left out.

import { Fragment } from 'react'
import css from './handshake.module.css'
import { isHeader, parseHttpMessage } from './http-message.ts'

export interface MessageNote {
  /** The header that it stands behind. */
  readonly header: string
  readonly text: string
}

interface MessageProps {
  readonly title: string
  readonly text: string
  /** The header that is marked, or the first line. */
  readonly changed?: string | undefined
  readonly leftOut?: string | undefined
  readonly notes: readonly MessageNote[]
}

export function Message({ title, text, changed, leftOut, notes }: MessageProps) {
  const { startLine, headers, body } = parseHttpMessage(text)
  const bytes = new TextEncoder().encode(text).length
  return (
    <figure className={css.message} data-testid={`message-${title.toLowerCase()}`}>
      <figcaption>
        {title}
        <span>{bytes} bytes</span>
      </figcaption>
      <pre>
        <span className={css.start} data-line data-changed={changed === 'startLine'}>
          {startLine}
        </span>
        {headers.map(header => (
          <Fragment key={`${header.name}: ${header.value}`}>
            <span className={css.header} data-line data-changed={changed !== undefined && isHeader(header, changed)}>
              <b>{header.name}</b>: {header.value}
            </span>
            {notes
              .filter(note => isHeader(header, note.header))
              .map(note => (
                <span key={note.text} className={css.note}>
                  {note.text}
                </span>
              ))}
          </Fragment>
        ))}
        {leftOut !== undefined && (
          <span className={css.leftOut}>
            <s>{leftOut}</s> left out
          </span>
        )}
        {body !== '' && (
          <span className={css.body} data-line>
            {body}
          </span>
        )}
      </pre>
    </figure>
  )
}
