// The way to the loss laboratory: how to start it, its port, and whether it answers.

'use client'

import { LOSS_LAB, type LossLabAnswer } from '@papertape/protocol'
import { type FormEvent, useState } from 'react'
import { CodeSamples } from '../exhibit/CodeSamples.tsx'
import css from './head-of-line.module.css'
import { readLab } from './lab-requests.ts'
import { RECORDED_AT, RECORDED_WITH } from './recorded-run.ts'

export interface ConnectedLab {
  readonly port: number
  readonly answer: LossLabAnswer
}

interface LabConnectionProps {
  readonly lab: ConnectedLab | undefined
  readonly onConnect: (lab: ConnectedLab | undefined) => void
}

const START = [{ language: 'Terminal', code: 'npm run lab' }]

export function LabConnection({ lab, onConnect }: LabConnectionProps) {
  const [port, setPort] = useState(String(LOSS_LAB.port))
  const [problem, setProblem] = useState('')
  const connect = async (event: FormEvent) => {
    event.preventDefault()
    setProblem('')
    try {
      onConnect({ port: Number(port), answer: await readLab(Number(port)) })
    } catch (error) {
      onConnect(undefined)
      setProblem((error as Error).message)
    }
  }
  const { browser, caddy } = RECORDED_WITH
  return (
    <section className={css.lab} aria-label="Laboratory">
      {lab === undefined && (
        <div className={css.start}>
          <p>
            Below is a run that was recorded with {browser} and Caddy {caddy},{' '}
            {RECORDED_AT.toISOString().slice(0, 16).replace('T', ' ')} UTC. To lose packets yourself, start the loss
            laboratory on this machine, in the folder of the project.
          </p>
          <CodeSamples samples={START} label="Start the laboratory" />
        </div>
      )}
      <form className={css.connect} onSubmit={event => void connect(event)}>
        <label>
          Laboratory at 127.0.0.1, port{' '}
          <input
            type="number"
            min="1"
            max="65535"
            required
            value={port}
            data-testid="lab-port"
            onChange={event => setPort(event.target.value)}
          />
        </label>
        <button type="submit" className={css.button}>
          Connect
        </button>
        <p role="status" data-testid="lab-state" data-state={lab === undefined ? 'absent' : 'connected'}>
          {problem || (lab === undefined ? '' : 'Connected.')}
        </p>
      </form>
    </section>
  )
}
