// The first exhibit: the questions of the decision tree, the path of the answers, and what its leaf means. A panel of
// the dashboard answers by what it needs; the badges of the panels link here.

'use client'

import { chooseTransport, type Need, type Transport } from '@papertape/protocol'
import { useEffect, useState } from 'react'
import { BASE_PATH } from '../../base-path.ts'
import { PANELS, type PanelName, TRANSPORT_LABELS, transportChoice } from '../../connections/panels.ts'
import { useDashboard } from '../../dashboard/dashboard-context.tsx'
import { useObservable } from '../../reactive/use-observable.tsx'
import { fragmentOf, nearestNeed, needQuery, readAnswers, type TreeAnswers } from './answers.ts'
import { DecisionTree } from './DecisionTree.tsx'
import { LeafCode } from './LeafCode.tsx'
import { LeafPanels } from './LeafPanels.tsx'
import { LeafTexts } from './LeafTexts.tsx'
import css from './need.module.css'
import { PanelFacts } from './PanelFacts.tsx'
import { PROOFS } from './proofs.ts'
import { Questions } from './Questions.tsx'

/** A panel whose connection fell back answers that streams do not pass. */
function useNeed(answers: TreeAnswers): Need {
  const { connections } = useDashboard()
  const panel = 'panel' in answers ? answers.panel : 'ticker'
  const { transport } = useObservable(connections[PANELS[panel].connection].facts)
  if ('need' in answers) return answers.need
  return { ...PANELS[panel].need, streams: transport === transportChoice(panel).transport }
}

export function NeedExhibit() {
  const [answers, setAnswers] = useState<TreeAnswers>(() => readAnswers(location.hash))
  const need = useNeed(answers)
  const choice = chooseTransport(need)
  const panel = 'panel' in answers ? answers.panel : undefined
  const title = panel === undefined ? 'Your answers' : PANELS[panel].title

  useEffect(() => {
    const read = () => setAnswers(readAnswers(location.hash))
    window.addEventListener('hashchange', read)
    return () => window.removeEventListener('hashchange', read)
  }, [])

  const answer = (given: TreeAnswers) => {
    setAnswers(given)
    history.replaceState(history.state, '', fragmentOf(given))
  }

  return (
    <div className={css.screen}>
      <section className={css.questions} aria-labelledby="questions-title">
        <h3 id="questions-title">Questions</h3>
        <Questions need={need} onAnswer={given => answer({ need: given })} />
      </section>
      <section className={css.tree} aria-labelledby="tree-title">
        <h3 id="tree-title" aria-live="polite">
          {title}: {TRANSPORT_LABELS[choice.transport].long}
        </h3>
        <DecisionTree
          choice={choice}
          title={title}
          onSelect={(transport: Transport) => answer({ need: nearestNeed(need, transport) })}
        />
      </section>
      <section className={css.leaf} aria-labelledby="leaf-title" data-testid="leaf">
        <h3 id="leaf-title">{TRANSPORT_LABELS[choice.transport].long}</h3>
        {panel !== undefined && <p className={css.description}>{PANELS[panel].description}</p>}
        <LeafTexts choice={choice} dataUrl={`${BASE_PATH}/v1/transport?${needQuery(need)}`} />
      </section>
      <section className={css.panels} aria-labelledby="panels-title">
        <h3 id="panels-title">What arrives, and the panels of this dashboard that it is for</h3>
        <LeafPanels selected={panel} onSelect={(one: PanelName) => answer({ panel: one })} />
      </section>
      <section className={css.code} aria-labelledby="code-title">
        <h3 id="code-title">Use it yourself</h3>
        <LeafCode transport={choice.transport} />
      </section>
      <section className={css.proof} aria-labelledby="proof-title">
        <h3 id="proof-title">Prove it</h3>
        <ol className={css.proofs}>
          {PROOFS[choice.transport].map(step => (
            <li key={step}>{step}</li>
          ))}
        </ol>
        {panel !== undefined && <PanelFacts panel={panel} />}
      </section>
    </div>
  )
}
