// One simulation: its state, events, result and report. Starts and stops its thread when simulations.ts says so.

import type { SimulationProgress, SimulationReport, SimulationResult, SimulationState } from '@papertape/protocol'
import type { TapeHeader } from '@papertape/simulators'
import { SimulationEvents } from './simulation-events.ts'
import { hasEnded, nextSimulationState, type SimulationStep } from './simulation-state.ts'
import type { FromSimulation, StartSimulation } from './simulation-thread.ts'

export interface SimulationTerms {
  readonly id: string
  readonly header: TapeHeader
  readonly createdAt: number
}

export class SimulationJob {
  readonly id: string
  readonly header: TapeHeader
  readonly createdAt: number
  readonly events = new SimulationEvents()
  #state: SimulationState = 'queued'
  #progress: SimulationProgress | null = null
  #result: SimulationResult | null = null
  #report: SimulationReport | null = null
  #failure: string | null = null
  #stopThread: () => Promise<void> = async () => {}

  constructor({ id, header, createdAt }: SimulationTerms) {
    this.id = id
    this.header = header
    this.createdAt = createdAt
  }

  get state(): SimulationState {
    return this.#state
  }

  get progress(): SimulationProgress | null {
    return this.#progress
  }

  /** Of a simulation that is done, as the report is. */
  get result(): SimulationResult | null {
    return this.#result
  }

  get report(): SimulationReport | null {
    return this.#report
  }

  get failure(): string | null {
    return this.#failure
  }

  get hasEnded(): boolean {
    return hasEnded(this.#state)
  }

  log(text: string): void {
    this.events.append({ event: 'log', data: { text } })
  }

  /** @param onEnd the thread has done its work, or failed; stop() it. */
  start(startThread: StartSimulation, file: string, onEnd: () => void): void {
    if (!this.#step('start')) return
    const { seed, preset, symbols } = this.header
    this.log(`running: seed ${seed}, ${preset}, ${symbols.join(', ')}`)
    this.#stopThread = startThread({ header: this.header, file }, message => {
      this.#receive(message)
      if (this.hasEnded) onEnd()
    })
  }

  cancel(): void {
    if (this.#step('cancel')) this.events.append({ event: 'canceled', data: { text: 'canceled; its tape is deleted' } })
  }

  /** Settles when its thread has ended. */
  stop(): Promise<void> {
    return this.#stopThread()
  }

  #receive(message: FromSimulation): void {
    if (message.type === 'log') this.log(message.text)
    else if (message.type === 'progress') {
      this.#progress = message.progress
      this.events.append({ event: 'progress', data: message.progress })
    } else if (message.type === 'done') {
      this.#step('finish')
      this.#result = message.result
      this.#report = message.report
      this.events.append({ event: 'done', data: message.result })
    } else {
      this.#step('fail')
      this.#failure = message.text
      this.events.append({ event: 'failed', data: { text: message.text } })
    }
  }

  /** Whether it has changed the state. */
  #step(step: SimulationStep): boolean {
    const before = this.#state
    this.#state = nextSimulationState(before, step)
    return this.#state !== before
  }
}
