// An exhibit: one packet is lost on the way of six streams. Shows which streams ran on over HTTP/1.1, HTTP/2 and
// HTTP/3, live where the loss laboratory runs (`npm run lab`), and otherwise the recorded run.

'use client'

import { HTTP_VERSIONS, type HttpVersion } from '@papertape/protocol'
import { useEffect, useState } from 'react'
import { useDashboard } from '../../dashboard/dashboard-context.tsx'
import { useObservable } from '../../reactive/use-observable.tsx'
import { FindingsTable } from './FindingsTable.tsx'
import css from './head-of-line.module.css'
import { type ConnectedLab, LabConnection } from './LabConnection.tsx'
import { LossControls } from './LossControls.tsx'
import { losePacket } from './lab-requests.ts'
import { openLabStreams } from './lab-streams.ts'
import { createLossExperiment, type LossExperimentView } from './loss-experiment.ts'
import { RECORDED_AT, recordedTrial } from './recorded-run.ts'
import { StreamLanes } from './StreamLanes.tsx'
import { drawLive, drawTrial } from './stream-lanes.ts'
import { connectionsText, outcomeText, VERSION_TEXTS } from './version-texts.ts'

export function HeadOfLineExhibit() {
  const { frames } = useDashboard()
  const [lab, setLab] = useState<ConnectedLab>()
  const [version, setVersion] = useState<HttpVersion>('http1')
  const [experiment] = useState(() =>
    createLossExperiment({
      frames,
      openStreams: openLabStreams,
      losePacket,
      setTimer(run, delayMs) {
        const timer = setTimeout(run, delayMs)
        return () => clearTimeout(timer)
      },
    }),
  )
  const view = useObservable(experiment.view)
  useEffect(() => () => experiment.close(), [experiment])

  const choose = (chosen: HttpVersion) => {
    experiment.close()
    setVersion(chosen)
  }
  return (
    <div className={css.screen}>
      <LabConnection lab={lab} onConnect={setLab} />
      <fieldset className={css.versions} aria-label="Version of HTTP">
        {HTTP_VERSIONS.map(one => (
          <button key={one} type="button" aria-pressed={one === version} onClick={() => choose(one)}>
            {VERSION_TEXTS[one].name}
          </button>
        ))}
      </fieldset>
      <section className={css.streams} aria-labelledby="streams-title">
        <p className={css.why}>{VERSION_TEXTS[version].why}</p>
        {lab !== undefined && <LossControls lab={lab} version={version} view={view} experiment={experiment} />}
        <Streams version={version} view={view} />
      </section>
      <section aria-labelledby="findings-title">
        <h3 id="findings-title">Which streams ran on</h3>
        <FindingsTable trials={view.trials} />
      </section>
    </div>
  )
}

/** The streams as they run, the latest trial, or the recorded one. */
function Streams({ version, view }: { readonly version: HttpVersion; readonly view: LossExperimentView }) {
  const { name } = VERSION_TEXTS[version]
  const isRunning = view.phase !== 'closed' && view.phase !== 'shown'
  const own = view.trials[version].at(-1)
  const trial = own ?? recordedTrial(version)
  const source = own === undefined ? `recorded on ${RECORDED_AT.toISOString().slice(0, 10)}` : 'measured in this page'
  const title = isRunning
    ? `${name}: six streams, live`
    : `${name}: ${connectionsText(trial.loss.connections)}, one packet of ${trial.loss.bytes} bytes lost, ${source}`
  return (
    <>
      <h3 id="streams-title">{title}</h3>
      <StreamLanes drawing={isRunning ? drawLive(view.arrivals) : drawTrial(trial)} label={title} />
      <p className={css.outcome} data-testid="loss-outcome" data-trials={view.trials[version].length} role="status">
        {isRunning ? '' : outcomeText(trial.outcome)}
      </p>
    </>
  )
}
