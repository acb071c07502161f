// The form for a name in a room: after a refusal, or to change it.

'use client'

import { type FormEvent, useId, useState } from 'react'
import { userNameProblem } from '../orders/rooms/room-texts.ts'
import css from './RoomList.module.css'

interface NameFormProps {
  readonly user: string
  /** What the button says. */
  readonly action: string
  /** @param user empty: the server makes a name */
  readonly onName: (user: string) => void
}

export function NameForm({ user, action, onName }: NameFormProps) {
  const [typed, setTyped] = useState(user)
  const id = useId()
  const problem = userNameProblem(typed)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (problem === undefined) onName(typed)
  }
  return (
    <form className={css.form} onSubmit={submit} noValidate>
      <label>
        <span>Your name here</span>
        <input
          value={typed}
          placeholder="A guest"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : id}
          onChange={({ target }) => setTyped(target.value.trim())}
          data-testid="room-new-name"
        />
      </label>
      <button type="submit" className={css.join} disabled={problem !== undefined}>
        {action}
      </button>
      {problem !== undefined && (
        <p id={id} className={css.problem}>
          {problem}
        </p>
      )}
    </form>
  )
}
