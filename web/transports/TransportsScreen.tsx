// The Transports screen, a laboratory: a list of exhibits, and the one that the fragment of the address names. The
// fragment may also name a panel, whose transport the first exhibit explains.

'use client'

import { useEffect, useState } from 'react'
import { PANEL_NAMES } from '../connections/panels.ts'
import { isDemo } from '../demo/demo-mode.ts'
import { EXHIBIT_NAMES, EXHIBITS, type Exhibit, type ExhibitName } from './exhibits.ts'
import css from './transports.module.css'

function exhibitInAddress(): ExhibitName {
  // What comes after a question mark is the exhibit's own.
  const [name] = location.hash.slice(1).split('?')
  if (PANEL_NAMES.some(panel => panel === name)) return 'need'
  return EXHIBIT_NAMES.find(one => one === name) ?? 'need'
}

export function TransportsScreen() {
  const [shown, setShown] = useState<ExhibitName>()

  useEffect(() => {
    const read = () => setShown(exhibitInAddress())
    read()
    window.addEventListener('hashchange', read)
    return () => window.removeEventListener('hashchange', read)
  }, [])

  return (
    <div className={css.laboratory}>
      <nav className={css.contents} aria-labelledby="laboratory">
        <h1 id="laboratory">Transports</h1>
        <ol>
          {EXHIBIT_NAMES.map(name => (
            <li key={name}>
              <a href={`#${name}`} aria-current={name === shown ? 'page' : undefined}>
                {EXHIBITS[name].title}
              </a>
            </li>
          ))}
        </ol>
      </nav>
      {/* Nothing before the address has been read: the export does not know the fragment. */}
      {shown === undefined ? <div className={css.exhibit} /> : <ShownExhibit key={shown} name={shown} />}
    </div>
  )
}

function ShownExhibit({ name }: { readonly name: ExhibitName }) {
  const { question, lead, inDemo, Content }: Exhibit = EXHIBITS[name]
  return (
    <section className={css.exhibit} aria-labelledby="exhibit" data-testid={`exhibit-${name}`}>
      <header className={css.head}>
        <h2 id="exhibit">{question}</h2>
        <p>{lead}</p>
        {inDemo !== undefined && isDemo() && <p data-testid="in-demo">{inDemo}</p>}
      </header>
      <Content />
    </section>
  )
}
