// Why each panel takes the transport it takes: the tree with the panel's way lit, the reasons in words, and what the
// connection is doing at this moment.

'use client'

import { useEffect, useState } from 'react'
import { BASE_PATH } from '../base-path.ts'
import { choiceFor, PANEL_NAMES, PANELS, type PanelName, TRANSPORT_LABELS } from '../connections/panels.ts'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { useCell } from '../reactive/use-observable.tsx'
import { Comparison } from './Comparison.tsx'
import { DecisionTree } from './DecisionTree.tsx'
import { PanelFacts } from './PanelFacts.tsx'
import { PanelList } from './PanelList.tsx'
import css from './transports.module.css'

function panelInAddress(): PanelName | undefined {
  const name = location.hash.slice(1)
  return PANEL_NAMES.find(one => one === name)
}

export function TransportsScreen() {
  const { lines } = useDashboard()
  const [chosen, setChosen] = useState<PanelName>('ticker')
  const { title, line, shows } = PANELS[chosen]
  const { transport } = useCell(lines[line].cell)
  // What did not pass is an answer too: the tree is walked again with it.
  const wished = choiceFor(chosen)
  const choice = transport === wished.transport ? wished : choiceFor(chosen, false)

  useEffect(() => {
    const read = () => setChosen(before => panelInAddress() ?? before)
    read()
    window.addEventListener('hashchange', read)
    return () => window.removeEventListener('hashchange', read)
  }, [])

  const choose = (panel: PanelName) => {
    setChosen(panel)
    history.replaceState(null, '', `#${panel}`)
  }

  return (
    <div className={css.screen}>
      <header className={css.intro}>
        <h1>Which transport, and why</h1>
        <p>
          No panel of this dashboard picks its transport. Each says what it needs, and one tree decides:{' '}
          <a href={`${BASE_PATH}/v1/transport`}>the same tree</a> that the server answers with. Choose a panel to see
          its way through.
        </p>
      </header>
      <section className={css.block} aria-labelledby="panels-title">
        <h2 id="panels-title">Panels</h2>
        <PanelList chosen={chosen} onChoose={choose} />
      </section>
      <section className={`${css.block} ${css.main}`} aria-labelledby="tree-title">
        <h2 id="tree-title">
          {title}: {TRANSPORT_LABELS[choice.transport].long}
        </h2>
        <DecisionTree choice={choice} title={title} />
      </section>
      <section className={css.block} aria-labelledby="why-title">
        <h2 id="why-title">Why</h2>
        <p className={css.shows}>{shows}</p>
        <ol className={css.reasons} data-testid="reasons">
          {choice.reasons.map(reason => (
            <li key={reason}>{reason}</li>
          ))}
        </ol>
        <h2>Now</h2>
        <PanelFacts panel={chosen} />
      </section>
      <section className={`${css.block} ${css.tables}`} aria-label="Comparison">
        <Comparison />
      </section>
    </div>
  )
}
