// The form of a simulation. Checked as it is typed; a problem is shown at its field and keeps Run from being pressed.

'use client'

import { SIMULATION_LIMITS, SIMULATION_PRESETS } from '@papertape/protocol'
import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { useObservable } from '../reactive/use-observable.tsx'
import { checkForm, EMPTY_FORM, requestOf, type SimulationField } from './simulation-form.ts'
import css from './simulator.module.css'
import type { Simulator } from './simulator.ts'

const PRESET_TEXTS = {
  'small-tick': 'small-tick: $585, spread of 13 ticks',
  'large-tick': 'large-tick: $30, spread of one tick',
  mixed: 'mixed: instruments of both kinds',
} as const satisfies Record<(typeof SIMULATION_PRESETS)[number], string>

const COUNTS = Array.from({ length: SIMULATION_LIMITS.symbolsMax }, (_, i) => i + 1)

export function SimulationFormView({ simulator }: { readonly simulator: Simulator }) {
  const scenarios = useObservable(simulator.scenarios)
  const [form, setForm] = useState(EMPTY_FORM)
  const [isSending, setSending] = useState(false)
  const problems = checkForm(form, scenarios)
  const chosen = scenarios.find(({ name }) => name === form.scenario)
  const canRun = Object.keys(problems).length === 0 && !isSending
  const set = (name: SimulationField) => (value: string) => setForm({ ...form, [name]: value })

  const send = async (event: FormEvent) => {
    event.preventDefault()
    if (!canRun) return
    setSending(true)
    await simulator.add(requestOf(form))
    setSending(false)
  }

  return (
    <form className={css.form} onSubmit={event => void send(event)} noValidate>
      <Select label="Preset" name="preset" value={form.preset} onChange={set('preset')}>
        {SIMULATION_PRESETS.map(name => (
          <option key={name} value={name}>
            {PRESET_TEXTS[name]}
          </option>
        ))}
      </Select>
      <Select label="Scenario" name="scenario" value={form.scenario} onChange={set('scenario')}>
        <option value="">none</option>
        {scenarios.map(({ name, title }) => (
          <option key={name} value={name}>
            {title}
          </option>
        ))}
      </Select>
      {chosen !== undefined && (
        <>
          <p className={css.about}>{chosen.description}</p>
          <Input
            label="Starts after"
            name="startsAfter"
            value={form.startsAfter}
            placeholder={`${chosen.usualStartMs / 60_000}m`}
            problem={problems.startsAfter}
            onChange={set('startsAfter')}
          />
        </>
      )}
      <div className={css.row}>
        <Input label="Length" name="length" value={form.length} problem={problems.length} onChange={set('length')} />
        <Select label="Instruments" name="symbols" value={form.symbols} onChange={set('symbols')}>
          {COUNTS.map(count => (
            <option key={count}>{count}</option>
          ))}
        </Select>
        <Input
          label="Seed"
          name="seed"
          value={form.seed}
          placeholder="random"
          problem={problems.seed}
          onChange={set('seed')}
        />
      </div>
      <button type="submit" className={css.run} disabled={!canRun} data-testid="run-simulation">
        {isSending ? 'Sending…' : 'Run'}
      </button>
    </form>
  )
}

interface FieldProps {
  readonly label: string
  readonly name: SimulationField
  readonly value: string
  readonly onChange: (value: string) => void
}

function Select({ label, name, value, onChange, children }: FieldProps & { readonly children: ReactNode }) {
  const id = useId()
  return (
    <div className={css.field}>
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={event => onChange(event.target.value)} data-testid={`simulate-${name}`}>
        {children}
      </select>
    </div>
  )
}

interface InputProps extends FieldProps {
  readonly problem: string | undefined
  readonly placeholder?: string
}

function Input({ label, name, value, problem, placeholder, onChange }: InputProps) {
  const id = useId()
  return (
    <div className={css.field}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        value={value}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : `${id}-problem`}
        onChange={event => onChange(event.target.value)}
        data-testid={`simulate-${name}`}
      />
      {problem !== undefined && (
        <p id={`${id}-problem`} className={css.fieldProblem} data-testid={`problem-${name}`}>
          {problem}
        </p>
      )}
    </div>
  )
}
