// The list of frames, newest first: time, direction, event, id, size, start of the text.

'use client'

import { type MouseEvent, memo, useRef } from 'react'
import { formatSize, NOTHING } from '../../format/format.ts'
import { moveFocus } from '../../ui/roving-focus.ts'
import type { FrameView, LoggedFrame } from './frame-log.ts'
import { formatArrival, textStart } from './frame-text.ts'
import css from './frames.module.css'

interface FrameListProps {
  readonly view: FrameView
  readonly chosen: LoggedFrame | undefined
  readonly onChoose: (frame: LoggedFrame) => void
  readonly isRequests: boolean
}

/** More would not be read, and each is drawn ten times a second. */
const ROWS_MAX = 100

export function FrameList({ view, chosen, onChoose, isRequests }: FrameListProps) {
  const pressed = useRef<string>(undefined)
  const shown = view.frames.slice(0, ROWS_MAX)
  const rowOf = (target: EventTarget) => (target as Element).closest('tr')?.dataset.number
  // Rows move while a press lasts: the row where it began counts.
  const click = (event: MouseEvent<HTMLElement>) => {
    const number = (event.detail === 0 ? undefined : pressed.current) ?? rowOf(event.target)
    const frame = shown.find(one => String(one.number) === number)
    if (frame !== undefined) onChoose(frame)
  }
  return (
    <div className={css.list}>
      <table onKeyDown={moveFocus}>
        <caption className="visually-hidden">Frames, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Time, UTC</th>
            <th scope="col">
              <span className="visually-hidden">Direction</span>
            </th>
            <th scope="col">Event</th>
            <th scope="col">{isRequests ? 'Request' : 'Id'}</th>
            <th scope="col" className="num">
              Bytes
            </th>
            <th scope="col">Text</th>
          </tr>
        </thead>
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: each row has a button, whose key press arrives as a click */}
        <tbody
          onPointerDown={event => {
            pressed.current = rowOf(event.target)
          }}
          onClick={click}
          data-testid="frames-list"
        >
          {shown.map((frame, at) => (
            <FrameRow
              key={frame.number}
              frame={frame}
              isChosen={frame.number === chosen?.number}
              isStop={chosen === undefined ? at === 0 : frame.number === chosen.number}
            />
          ))}
        </tbody>
      </table>
      <p className={css.more} data-testid="frames-shown">
        {view.frames.length === 0
          ? view.kept === 0
            ? 'No frames yet.'
            : `None of the newest ${formatSize(view.kept)} frames matches.`
          : `${formatSize(shown.length)} of ${formatSize(view.frames.length)} shown; the newest ${formatSize(view.kept)} are kept.`}
      </p>
    </div>
  )
}

interface FrameRowProps {
  readonly frame: LoggedFrame
  readonly isChosen: boolean
  /** In the tab order. */
  readonly isStop: boolean
}

const FrameRow = memo(function FrameRow({ frame, isChosen, isStop }: FrameRowProps) {
  const isSent = frame.direction === 'out'
  return (
    <tr data-number={frame.number} data-chosen={isChosen} data-direction={frame.direction}>
      <td>
        <button type="button" data-stop tabIndex={isStop ? 0 : -1} aria-current={isChosen ? 'true' : undefined}>
          {formatArrival(frame)}
        </button>
      </td>
      <td>
        <span aria-hidden="true">{isSent ? '↑' : '↓'}</span>
        <span className="visually-hidden">{isSent ? 'sent' : 'received'}</span>
      </td>
      <td>{frame.event}</td>
      <td>{frame.id ?? NOTHING}</td>
      <td className="num">{formatSize(frame.bytes)}</td>
      <td>{textStart(frame)}</td>
    </tr>
  )
})
