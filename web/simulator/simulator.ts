// The Simulator screen's requests and its one stream, of the simulation that is shown. Opens nothing by itself: the
// ports are handed in by app/simulator.

import type {
  ScenariosAnswer,
  SimulationAnswer,
  SimulationProgress,
  SimulationRequest,
  SimulationSummary,
  SimulationsAnswer,
} from '@papertape/protocol'
import { createObservable, type Observable } from '../reactive/observable.ts'
import {
  EMPTY_SIMULATOR,
  isUnfinished,
  nextSimulatorState,
  type SimulatorEvent,
  type SimulatorState,
} from './simulator-state.ts'

export interface SimulationFollower {
  onOpen(): void
  /** The connection is lost. `willRetry`: the browser reconnects by itself, with the id of the last event. */
  onLost(willRetry: boolean): void
  onLog(id: string, text: string): void
  onProgress(progress: SimulationProgress): void
  /** Done, failed or canceled: nothing comes any more. */
  onEnd(): void
}

export interface SimulatorPorts {
  scenarios(): Promise<ScenariosAnswer>
  list(): Promise<SimulationsAnswer>
  add(request: SimulationRequest): Promise<SimulationSummary>
  read(id: string): Promise<SimulationAnswer>
  cancel(id: string): Promise<SimulationSummary>
  /** @returns closes the stream. */
  follow(id: string, follower: SimulationFollower): () => void
  setTimer(run: () => void, delayMs: number): () => void
  tapeUrl(id: string): string
}

export interface Simulator {
  readonly state: Observable<SimulatorState>
  readonly scenarios: Observable<ScenariosAnswer>
  add(request: SimulationRequest): Promise<void>
  show(id: string): void
  cancel(id: string): Promise<void>
  tapeUrl(id: string): string
  start(): void
  stop(): void
}

/** How often the list is read while a simulation that is not shown waits or runs. */
const LIST_MS = 2_000

export function createSimulator(ports: SimulatorPorts): Simulator {
  const state = createObservable(EMPTY_SIMULATOR)
  const scenarios = createObservable<ScenariosAnswer>([])
  let unfollow = () => {}
  let cancelTimer = () => {}

  const apply = (event: SimulatorEvent) => state.set(nextSimulatorState(state.get(), event))
  const refuse = (error: unknown) => apply({ type: 'refused', text: reasonOf(error) })

  async function list(): Promise<void> {
    cancelTimer()
    try {
      const { simulations } = await ports.list()
      apply({ type: 'listed', jobs: simulations })
    } catch (error) {
      refuse(error)
    }
    const { jobs = [], shownId } = state.get()
    const isWaiting = jobs.some(job => isUnfinished(job) && job.id !== shownId)
    cancelTimer = isWaiting ? ports.setTimer(() => void list(), LIST_MS) : () => {}
  }

  async function read(id: string): Promise<void> {
    try {
      apply({ type: 'answered', answer: await ports.read(id) })
    } catch (error) {
      refuse(error)
    }
  }

  /** Also of a simulation that has ended: the stream brings its log, and ends. */
  function follow(id: string): void {
    unfollow()
    apply({ type: 'streamChanged', stream: 'connecting' })
    unfollow = ports.follow(id, {
      onOpen: () => apply({ type: 'streamChanged', stream: 'open' }),
      onLost: willRetry => {
        apply({ type: 'streamChanged', stream: willRetry ? 'reconnecting' : 'lost' })
      },
      onLog: (entryId, text) => apply({ type: 'logged', entry: { id: entryId, text } }),
      onProgress: progress => apply({ type: 'progressed', progress }),
      onEnd() {
        apply({ type: 'streamChanged', stream: 'closed' })
        void read(id).then(list)
      },
    })
  }

  return {
    state,
    scenarios,
    async add(request) {
      try {
        const job = await ports.add(request)
        apply({ type: 'added', job })
        follow(job.id)
        await list()
      } catch (error) {
        refuse(error)
      }
    },
    show(id) {
      if (state.get().shownId === id) return
      apply({ type: 'shown', id })
      follow(id)
    },
    async cancel(id) {
      try {
        await ports.cancel(id)
        await list()
      } catch (error) {
        refuse(error)
      }
    },
    tapeUrl: ports.tapeUrl,
    start() {
      ports.scenarios().then(scenarios.set, refuse)
      void list()
    },
    stop() {
      unfollow()
      cancelTimer()
    },
  }
}

function reasonOf(error: unknown): string {
  const { detail } = error as { readonly detail?: string }
  return detail ?? (error instanceof Error ? error.message : String(error))
}
