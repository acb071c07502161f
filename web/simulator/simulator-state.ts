// The state of the Simulator screen as a pure function of what happens: lists and answers of the server, and the events
// of the one simulation that is followed.

import type { SimulationAnswer, SimulationProgress, SimulationReport, SimulationSummary } from '@papertape/protocol'

export interface SimulatorState {
  /** Undefined until the server has answered. */
  readonly jobs: readonly SimulationSummary[] | undefined
  /** Why the list could not be read, or a simulation was refused; empty when neither. */
  readonly problem: string
  /** The simulation that is shown. */
  readonly shownId: string | undefined
  readonly stream: SimulationStreamState
  /** Of the shown simulation, oldest first. */
  readonly log: readonly LoggedText[]
  /** Of the shown simulation, once it is done. */
  readonly report: SimulationReport | undefined
}

export type SimulationStreamState = 'closed' | 'connecting' | 'open' | 'reconnecting' | 'lost'

export interface LoggedText {
  readonly id: string
  readonly text: string
}

export type SimulatorEvent =
  | { readonly type: 'listed'; readonly jobs: readonly SimulationSummary[] }
  | { readonly type: 'refused'; readonly text: string }
  | { readonly type: 'added'; readonly job: SimulationSummary }
  | { readonly type: 'shown'; readonly id: string }
  | { readonly type: 'streamChanged'; readonly stream: SimulationStreamState }
  | { readonly type: 'logged'; readonly entry: LoggedText }
  | { readonly type: 'progressed'; readonly progress: SimulationProgress }
  | { readonly type: 'answered'; readonly answer: SimulationAnswer }

export const EMPTY_SIMULATOR: SimulatorState = {
  jobs: undefined,
  problem: '',
  shownId: undefined,
  stream: 'closed',
  log: [],
  report: undefined,
}

export function nextSimulatorState(state: SimulatorState, event: SimulatorEvent): SimulatorState {
  switch (event.type) {
    case 'listed':
      return { ...state, jobs: event.jobs, problem: '' }
    case 'refused':
      return { ...state, problem: event.text }
    case 'added':
      return show({ ...state, jobs: [event.job, ...(state.jobs ?? [])], problem: '' }, event.job.id)
    case 'shown':
      return show(state, event.id)
    case 'streamChanged':
      return { ...state, stream: event.stream }
    case 'logged':
      // A reconnect may bring a line again.
      return state.log.some(({ id }) => id === event.entry.id) ? state : { ...state, log: [...state.log, event.entry] }
    case 'progressed':
      return changeShown(state, { state: 'running', progress: event.progress })
    case 'answered': {
      const { report, ...summary } = event.answer
      const changed = changeJob(state, summary.id, summary)
      return summary.id === state.shownId ? { ...changed, report: report ?? undefined } : changed
    }
  }
}

export function shownJob({ jobs, shownId }: SimulatorState): SimulationSummary | undefined {
  return jobs?.find(({ id }) => id === shownId)
}

export function isUnfinished({ state }: Pick<SimulationSummary, 'state'>): boolean {
  return state === 'queued' || state === 'running'
}

function show(state: SimulatorState, id: string): SimulatorState {
  return { ...state, shownId: id, log: [], report: undefined, stream: 'closed' }
}

function changeShown(state: SimulatorState, change: Partial<SimulationSummary>): SimulatorState {
  return state.shownId === undefined ? state : changeJob(state, state.shownId, change)
}

function changeJob(state: SimulatorState, id: string, change: Partial<SimulationSummary>): SimulatorState {
  return { ...state, jobs: state.jobs?.map(job => (job.id === id ? { ...job, ...change } : job)) }
}
