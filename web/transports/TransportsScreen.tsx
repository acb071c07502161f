// The Transports screen: why each panel uses its transport. Shows the tree with the panel's path, the reasons, and the
// state of its connection.

'use client'

import { useEffect, useState } from 'react'
import { BASE_PATH } from '../base-path.ts'
import { PANEL_NAMES, PANELS, type PanelName, TRANSPORT_LABELS, transportChoice } from '../connections/panels.ts'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { useObservable } from '../reactive/use-observable.tsx'
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
  const { connections } = useDashboard()
  const [selected, setSelected] = useState<PanelName>('ticker')
  const { title, connection, description } = PANELS[selected]
  const { transport } = useObservable(connections[connection].facts)
  // After a fallback the tree is walked again without streams.
  const preferred = transportChoice(selected)
  const choice = transport === preferred.transport ? preferred : transportChoice(selected, false)

  useEffect(() => {
    const read = () => setSelected(before => panelInAddress() ?? before)
    read()
    window.addEventListener('hashchange', read)
    return () => window.removeEventListener('hashchange', read)
  }, [])

  const select = (panel: PanelName) => {
    setSelected(panel)
    history.replaceState(null, '', `#${panel}`)
  }

  return (
    <div className={css.screen}>
      <header className={css.intro}>
        <h1>Which transport, and why</h1>
        <p>
          No panel of this dashboard picks its own transport. Each states what it needs, and a decision tree chooses:{' '}
          <a href={`${BASE_PATH}/v1/transport`}>the same tree</a> that the server returns. Select a panel to see its
          path.
        </p>
      </header>
      <section className={css.block} aria-labelledby="panels-title">
        <h2 id="panels-title">Panels</h2>
        <PanelList selected={selected} onSelect={select} />
      </section>
      <section className={`${css.block} ${css.main}`} aria-labelledby="tree-title">
        <h2 id="tree-title">
          {title}: {TRANSPORT_LABELS[choice.transport].long}
        </h2>
        <DecisionTree choice={choice} title={title} />
      </section>
      <section className={css.block} aria-labelledby="why-title">
        <h2 id="why-title">Why</h2>
        <p className={css.description}>{description}</p>
        <ol className={css.reasons} data-testid="reasons">
          {choice.reasons.map(reason => (
            <li key={reason}>{reason}</li>
          ))}
        </ol>
        <h2>Now</h2>
        <PanelFacts panel={selected} />
      </section>
      <section className={`${css.block} ${css.tables}`} aria-label="Comparison">
        <Comparison />
      </section>
    </div>
  )
}
