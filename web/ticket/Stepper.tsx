// A number field with its name inside and a button on each side. Parses nothing. The arrow keys step by one, with Shift
// by ten. Used for prices and sizes.

'use client'

import type { KeyboardEvent } from 'react'
import css from './Ticket.module.css'

interface StepperProps {
  readonly label: string
  /** In full, where the label is short. */
  readonly name?: string
  readonly id: string
  readonly value: string
  readonly placeholder?: string
  readonly wrong: boolean
  readonly disabled?: boolean
  readonly onChange: (text: string) => void
  readonly onStep: (by: number) => void
}

export function Stepper(props: StepperProps) {
  const { label, name = label, id, value, placeholder, wrong, disabled, onChange, onStep } = props
  const step = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
    event.preventDefault()
    onStep((event.key === 'ArrowUp' ? 1 : -1) * (event.shiftKey ? 10 : 1))
  }
  return (
    <div className={css.stepper} data-wrong={wrong} data-off={disabled}>
      <button type="button" tabIndex={-1} aria-label={`${name} down`} disabled={disabled} onClick={() => onStep(-1)}>
        −
      </button>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        data-testid={id}
        type="text"
        inputMode="decimal"
        autoComplete="off"
        aria-label={name === label ? undefined : name}
        value={value}
        placeholder={placeholder}
        disabled={disabled}
        aria-invalid={wrong}
        aria-describedby={wrong ? `${id}-problem` : undefined}
        onChange={event => onChange(event.target.value)}
        onKeyDown={step}
      />
      <button type="button" tabIndex={-1} aria-label={`${name} up`} disabled={disabled} onClick={() => onStep(1)}>
        +
      </button>
    </div>
  )
}
