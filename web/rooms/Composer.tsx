// The field for a message: one line, counted against the limit, sent by Enter. Says when the account is muted.

'use client'

import { ROOM_TEXT_MAX } from '@papertape/protocol'
import { type FormEvent, useId, useState } from 'react'
import { formatCountdown } from '../format/format.ts'
import type { RoomTalk } from '../orders/rooms/room-talk.ts'
import { lengthProblem, textLength } from '../orders/rooms/room-texts.ts'
import type { PageRooms } from '../orders/rooms/rooms.ts'
import { useNow } from '../ui/use-now.tsx'
import css from './Composer.module.css'

interface ComposerProps {
  readonly rooms: PageRooms
  readonly talk: RoomTalk
}

export function Composer({ rooms, talk: { room, mutedUntilMs } }: ComposerProps) {
  const [text, setText] = useState('')
  const id = useId()
  const problem = lengthProblem(text)
  const length = textLength(text)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (length === 0 || problem !== undefined) return
    rooms.say(room, text.trim())
    setText('')
  }
  return (
    <form className={css.composer} onSubmit={submit}>
      {mutedUntilMs > 0 && <Muted untilMs={mutedUntilMs} />}
      {problem !== undefined && (
        <p id={id} className={css.note}>
          {problem}
        </p>
      )}
      <div className={css.line}>
        <label className={css.field}>
          <span className="visually-hidden">Message in {room}</span>
          <input
            value={text}
            placeholder={`Message in ${room}`}
            autoComplete="off"
            enterKeyHint="send"
            aria-invalid={problem !== undefined}
            aria-describedby={problem === undefined ? undefined : id}
            onChange={({ target }) => {
              setText(target.value)
              if (target.value !== '') rooms.typing(room)
            }}
            data-testid="room-field"
          />
          <span className={css.count} data-over={problem !== undefined}>
            <span className="visually-hidden">Characters: </span>
            {length}/{ROOM_TEXT_MAX}
          </span>
        </label>
        <button
          type="submit"
          className={css.send}
          aria-disabled={length === 0 || problem !== undefined}
          data-testid="room-send"
        >
          Send
        </button>
      </div>
    </form>
  )
}

function Muted({ untilMs }: { readonly untilMs: number }) {
  const now = useNow(1_000)
  if (now === 0 || now >= untilMs) return null
  return (
    <p className={css.note} data-testid="room-muted">
      The operator has muted you here for another {formatCountdown(untilMs - now)}, or until the mute is taken back. You
      see what others write.
    </p>
  )
}
