// The second exhibit: the same subscription at the same time over each transport, a lane each on one time axis.

'use client'

import { Rest } from '@papertape/client'
import { useEffect, useState } from 'react'
import { BASE_PATH } from '../../base-path.ts'
import { useDashboard } from '../../dashboard/dashboard-context.tsx'
import { useObservable } from '../../reactive/use-observable.tsx'
import { backgroundText, conclusionOf, findingOf } from './findings.ts'
import { LaneStrip } from './LaneStrip.tsx'
import { LaneTable } from './LaneTable.tsx'
import { LatencyBars } from './LatencyBars.tsx'
import { LANES, type LaneName } from './lanes/lane.ts'
import { RaceControls } from './RaceControls.tsx'
import css from './race.module.css'
import { createRace, type Race } from './race.ts'

export function RaceExhibit() {
  const { frames } = useDashboard()
  const [race] = useState(() => createRace(new Rest({ baseUrl: BASE_PATH }), frames))
  const { phase } = useObservable(race.state)

  useEffect(() => {
    const follow = () => race.setHidden(document.visibilityState === 'hidden')
    document.addEventListener('visibilitychange', follow)
    return () => {
      document.removeEventListener('visibilitychange', follow)
      race.stop()
    }
  }, [race])

  return (
    <div className={css.race} data-testid="race" data-phase={phase}>
      <RaceControls race={race} />
      {phase === 'idle' || phase === 'starting' ? <LanePreview /> : <Lanes race={race} />}
      <Notes />
    </div>
  )
}

/** Before the start: what will run, and what to look at. */
function LanePreview() {
  return (
    <ul className={css.preview}>
      {(Object.keys(LANES) as LaneName[]).map(name => (
        <li key={name}>
          <h3>{LANES[name].title}</h3>
          <p>{LANES[name].look}</p>
        </li>
      ))}
    </ul>
  )
}

function Lanes({ race }: { readonly race: Race }) {
  const { lanes, missing, background } = useObservable(race.state)
  const results = useObservable(race.results)
  return (
    <>
      <p className={css.conclusion} data-testid="race-conclusion">
        {conclusionOf(results) ?? 'The lanes have started. Results follow after some events.'}
      </p>
      {background !== undefined && <p data-testid="race-background">{backgroundText(background)}</p>}
      <ol className={css.lanes}>
        {lanes.map(lane => {
          const figures = results.find(({ name }) => name === lane.name)?.figures
          return (
            <li key={lane.name} className={css.lane} data-testid={`lane-${lane.name}`} data-open={figures?.isOpen}>
              <h3>{lane.title}</h3>
              <LaneStrip race={race} lane={lane} />
              <LatencyBars bars={figures?.bars ?? []} title={lane.title} />
              <p>{figures === undefined ? LANES[lane.name].look : findingOf(lane.name, figures)}</p>
            </li>
          )
        })}
        {missing.map(({ title, why, link }) => (
          <li key={title} className={css.lane}>
            <h3>{title}</h3>
            <p>
              {why} {link !== undefined && <a href={link}>{link}</a>}
            </p>
          </li>
        ))}
      </ol>
      <Legend />
      <LaneTable results={results} />
    </>
  )
}

function Legend() {
  return (
    <ul className={css.legend}>
      <li data-kind="trade">trade</li>
      <li data-kind="quote">quote</li>
      <li data-kind="repeated">repeated event</li>
      <li data-kind="outage">away</li>
      <li data-kind="shade">stalled, slow or in the background</li>
      <li>60 s from left to right; the later an event came, the higher its dot</li>
    </ul>
  )
}

function Notes() {
  return (
    <dl className={css.notes}>
      <div>
        <dt>Background tab</dt>
        <dd>
          No button can do this: switch to another tab for half a minute, and come back. The time is shaded. A browser
          runs the timers of a hidden tab once a second at most, later once a minute; what a connection delivers is
          still received.
        </dd>
      </div>
      <div>
        <dt>Fair</dt>
        <dd>
          All lanes start from one position of the log and ask for every trade and quote of one instrument. Latency is
          from the server's time stamp of the event to its arrival in the page. Cut, stall and 3G are done by the server
          to these streams and sockets alone; polls are aborted, withheld or delayed by the page, since they keep no
          connection.
        </dd>
      </div>
      <div>
        <dt>HTTP/3</dt>
        <dd>
          This server does not speak it; a proxy such as Caddy in front of it does, and <code>npm run h3</code> starts
          both. Opened through such a proxy, the lanes of HTTP run over HTTP/3 and say so; the WebSocket stays on TCP.
          There is no lane for WebTransport: neither Node nor Caddy 2.6 offers it.
        </dd>
      </div>
    </dl>
  )
}
