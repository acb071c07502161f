// The Simulator screen: what to simulate and the list of simulations at the left, the one that is shown at the right.

'use client'

import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { useObservable } from '../reactive/use-observable.tsx'
import { JobList } from './JobList.tsx'
import { JobView } from './JobView.tsx'
import { SimulationFormView } from './SimulationFormView.tsx'
import css from './simulator.module.css'
import type { Simulator } from './simulator.ts'
import { shownJob } from './simulator-state.ts'

export function SimulatorScreen({ simulator }: { readonly simulator: Simulator }) {
  const state = useObservable(simulator.state)
  const job = shownJob(state)
  return (
    <div className={css.screen}>
      <div className={css.side}>
        <header className={css.head}>
          <h1>Simulator</h1>
          <p>
            A market of its own, as fast as the server can go. The same seed gives the same tape, to the byte. The live
            market is not affected.
          </p>
        </header>
        <SimulationFormView simulator={simulator} />
        {state.problem !== '' && (
          <p className={css.problem} role="alert" data-testid="simulator-problem">
            {state.problem}
          </p>
        )}
        <JobList jobs={state.jobs} shownId={state.shownId} onShow={simulator.show} />
        <OperatorNote />
      </div>
      {job === undefined ? (
        <div className={css.nothing}>
          <p>Choose what to simulate and press Run. An hour of two instruments is simulated within seconds.</p>
        </div>
      ) : (
        <JobView key={job.id} job={job} state={state} simulator={simulator} />
      )}
    </div>
  )
}

/** How to get the operator bar, in a browser that does not have it. */
function OperatorNote() {
  const isOperator = useObservable(useDashboard().operator)
  if (isOperator) return null
  return (
    <p className={css.faint} data-testid="operator-note">
      To pause, pace, halt or disturb the live market, open the operator’s link that <code>npm start</code> prints on
      the server. Its token is in the file <code>operator-token</code> of the data folder.
    </p>
  )
}
