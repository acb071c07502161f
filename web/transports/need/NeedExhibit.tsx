// The first exhibit: why each panel uses its transport. Shows the tree with the panel's path, the reasons, and the
// state of its connection.

'use client'

import { useEffect, useState } from 'react'
import { BASE_PATH } from '../../base-path.ts'
import { PANEL_NAMES, PANELS, type PanelName, TRANSPORT_LABELS, transportChoice } from '../../connections/panels.ts'
import { useDashboard } from '../../dashboard/dashboard-context.tsx'
import { useObservable } from '../../reactive/use-observable.tsx'
import { CodeSamples } from '../exhibit/CodeSamples.tsx'
import { DecisionTree } from './DecisionTree.tsx'
import css from './need.module.css'
import { PanelFacts } from './PanelFacts.tsx'
import { PanelList } from './PanelList.tsx'
import { transportCode } from './transport-code.ts'

function panelInAddress(): PanelName | undefined {
  const name = location.hash.slice(1)
  return PANEL_NAMES.find(one => one === name)
}

export function NeedExhibit() {
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
      <section className={css.block} aria-labelledby="panels-title">
        <h3 id="panels-title">Panels</h3>
        <PanelList selected={selected} onSelect={select} />
      </section>
      <section className={`${css.block} ${css.main}`} aria-labelledby="tree-title">
        <h3 id="tree-title">
          {title}: {TRANSPORT_LABELS[choice.transport].long}
        </h3>
        <DecisionTree choice={choice} title={title} />
        <h3>Code</h3>
        <CodeSamples
          samples={transportCode(choice.transport, `${location.origin}${BASE_PATH}`)}
          label={TRANSPORT_LABELS[choice.transport].long}
        />
      </section>
      <section className={css.block} aria-labelledby="why-title">
        <h3 id="why-title">Why</h3>
        <p className={css.description}>{description}</p>
        <ol className={css.reasons} data-testid="reasons">
          {choice.reasons.map(reason => (
            <li key={reason}>{reason}</li>
          ))}
        </ol>
        <h3>Now</h3>
        <PanelFacts panel={selected} />
      </section>
    </div>
  )
}
