// The buttons of an experiment with one version of HTTP, what it is doing, and what the browser must do first.

import type { HttpVersion } from '@papertape/protocol'
import { CodeSamples } from '../exhibit/CodeSamples.tsx'
import css from './head-of-line.module.css'
import type { ConnectedLab } from './LabConnection.tsx'
import type { LossExperiment, LossExperimentView } from './loss-experiment.ts'
import type { LossPhase } from './loss-machine.ts'
import { VERSION_TEXTS } from './version-texts.ts'

interface LossControlsProps {
  readonly lab: ConnectedLab
  readonly version: HttpVersion
  readonly view: LossExperimentView
  readonly experiment: LossExperiment
}

const PHASE_TEXTS: Readonly<Record<LossPhase, string>> = {
  closed: '',
  opening: 'Opening six streams…',
  running: 'Six streams are open, an event each 60 ms on each.',
  losing: 'Waiting for the next packet…',
  settling: 'A packet was lost…',
  shown: 'The streams are still open.',
}

export function LossControls({ lab, version, view, experiment }: LossControlsProps) {
  const { origin, absence } = lab.answer.links[version]
  if (origin === null) return <p className={css.hint}>{absence}</p>
  const { closedText } = VERSION_TEXTS[version]
  const mayDrop = view.phase === 'running' || view.phase === 'shown'
  return (
    <>
      {view.phase === 'closed' && <BrowserHint lab={lab} version={version} origin={origin} />}
      <div className={css.controls}>
        {view.phase === 'closed' ? (
          <button
            type="button"
            className={css.button}
            onClick={() => experiment.open(lab.port, version, origin, closedText(origin))}
          >
            Open six streams
          </button>
        ) : (
          <>
            <button type="button" className={css.button} disabled={!mayDrop} onClick={() => experiment.drop()}>
              Drop a packet
            </button>
            <button type="button" className={css.plain} onClick={() => experiment.close()}>
              Close the streams
            </button>
          </>
        )}
        <p role="status" data-testid="loss-phase" data-phase={view.phase}>
          {view.problem || PHASE_TEXTS[view.phase]}
        </p>
      </div>
    </>
  )
}

/** The certificate of the laboratory is its own: a browser has to be asked to accept it. */
function BrowserHint({
  lab,
  version,
  origin,
}: { readonly origin: string } & Pick<LossControlsProps, 'lab' | 'version'>) {
  if (version === 'http1') return null
  if (version === 'http2')
    return (
      <p className={css.hint}>
        Once for each start of the laboratory: open{' '}
        <a href={`${origin}/`} target="_blank" rel="noreferrer">
          {origin}
        </a>{' '}
        and accept its certificate.
      </p>
    )
  const flags = ['--user-data-dir=/tmp/papertape-lab', ...lab.answer.browserFlags].join(' \\\n  ')
  const code = `chromium ${flags} \\\n  ${location.href}`
  return (
    <div className={css.hint}>
      <p>
        For HTTP/3 a browser takes certificates of known authorities only. This starts a second Chromium beside yours,
        which takes the laboratory’s too:
      </p>
      <CodeSamples samples={[{ language: 'Terminal', code }]} label="Start a Chromium for HTTP/3" />
    </div>
  )
}
