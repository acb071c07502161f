// A number field with a button on each side. Parses nothing. Used for prices and sizes.

'use client'

import type { KeyboardEvent } from 'react'
import css from './Ticket.module.css'

interface StepperProps {
  readonly label: string
  readonly id: string
  readonly value: string
  readonly placeholder?: string
  readonly wrong: boolean
  readonly disabled?: boolean
  readonly onChange: (text: string) => void
  readonly onStep: (by: number) => void
  readonly onKeyDown: (event: KeyboardEvent) => void
}

export function Stepper({ label, id, value, placeholder, wrong, disabled, onChange, onStep, onKeyDown }: StepperProps) {
  return (
    <div className={css.field}>
      <label htmlFor={id}>{label}</label>
      <div className={css.stepper} data-wrong={wrong} data-off={disabled}>
        <button type="button" tabIndex={-1} aria-label={`${label} down`} disabled={disabled} onClick={() => onStep(-1)}>
          −
        </button>
        <input
          id={id}
          data-testid={id}
          type="text"
          inputMode="decimal"
          autoComplete="off"
          value={value}
          placeholder={placeholder}
          disabled={disabled}
          aria-invalid={wrong}
          aria-describedby={wrong ? `${id}-problem` : undefined}
          onChange={event => onChange(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <button type="button" tabIndex={-1} aria-label={`${label} up`} disabled={disabled} onClick={() => onStep(1)}>
          +
        </button>
      </div>
    </div>
  )
}
