// The exercise on the Protocol column: what the column reads for what this page has loaded, and the way to the other
// port. What was seen there is carried in the fragment, since the two ports share no storage.

'use client'

import { useEffect, useState } from 'react'
import { BASE_PATH } from '../../base-path.ts'
import { ExerciseBlock } from './ExerciseBlock.tsx'
import css from './exercises.module.css'
import { PROTOCOL_EXERCISE, PROTOCOL_STEPS } from './exercises.ts'

/** The ports of a server that was started without settings. */
const OTHER_ADDRESS: Readonly<Record<string, (host: string) => string>> = {
  '8080': host => `https://${host}:8443`,
  '8443': host => `http://${host}:8080`,
}

/** How many responses came over each version, as the column would read. */
function readProtocols(): ReadonlyMap<string, number> {
  const entries = [
    ...performance.getEntriesByType('navigation'),
    ...performance.getEntriesByType('resource'),
  ] as PerformanceResourceTiming[]
  const counts = new Map<string, number>()
  for (const { nextHopProtocol } of entries)
    if (nextHopProtocol !== '') counts.set(nextHopProtocol, (counts.get(nextHopProtocol) ?? 0) + 1)
  return counts
}

export function ProtocolExercise() {
  const [counts, setCounts] = useState<ReadonlyMap<string, number>>(new Map())
  const [seen] = useState(() => new URLSearchParams(location.hash.split('?')[1]).getAll('seen'))
  useEffect(() => {
    const read = () => setCounts(readProtocols())
    read()
    const observer = new PerformanceObserver(read)
    observer.observe({ type: 'resource' })
    return () => observer.disconnect()
  }, [])
  const done = [...new Set([...seen, ...counts.keys()])]
  const other = OTHER_ADDRESS[location.port]?.(location.hostname)
  const carried = done.map(version => `seen=${encodeURIComponent(version)}`).join('&')
  return (
    <ExerciseBlock exercise={PROTOCOL_EXERCISE} steps={PROTOCOL_STEPS} done={done} testId="protocol">
      <p data-testid="protocols">
        The column of this page reads{' '}
        {[...counts].map(([version, count]) => `${version} for ${count} responses`).join(', ') || 'nothing yet'}.
      </p>
      <p className={css.hint}>
        {other === undefined ? (
          'For the other port, open the other address that npm start prints.'
        ) : (
          <a href={`${other}${BASE_PATH}/transports/#exercises?${carried}`}>The same page at {other}</a>
        )}
      </p>
    </ExerciseBlock>
  )
}
