// The exercise on an EventSource: every event of the market with its number, a loss, and what came after it.

'use client'

import { FEED_EVENTS, type Hello } from '@papertape/protocol'
import { useEffect, useRef, useState } from 'react'
import { BASE_PATH } from '../../base-path.ts'
import { formatSize } from '../../format/format.ts'
import { CodeSamples } from '../exhibit/CodeSamples.tsx'
import { service } from '../exhibit/service.ts'
import { type Continuity, NOTHING_YET, nextContinuity, type StreamHappening, stepsDone } from './continuity.ts'
import { ExerciseBlock } from './ExerciseBlock.tsx'
import css from './exercises.module.css'
import { STREAM_EXERCISE, STREAM_STEPS, streamCode } from './exercises.ts'

const PATH = `${BASE_PATH}/v1/stream?mode=raw&events=${FEED_EVENTS.join(',')}`
const SHOWN_EVERY_MS = 100

export function StreamExercise() {
  const [continuity, setContinuity] = useState(NOTHING_YET)
  const [isOpen, setIsOpen] = useState(false)
  const [labKey, setLabKey] = useState<string>()
  const [problem, setProblem] = useState<string>()
  const end = useRef(() => {})

  useEffect(() => () => end.current(), [])

  const toggle = () => {
    end.current()
    end.current = () => {}
    setIsOpen(!isOpen)
    if (!isOpen) end.current = subscribe(setContinuity, setLabKey)
  }
  const cut = async () => {
    try {
      setProblem(undefined)
      await service.send('POST', '/v1/lab/cut', { key: labKey })
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
    }
  }

  const { events, losses, missed, repeated, lastId } = continuity
  return (
    <ExerciseBlock exercise={STREAM_EXERCISE} steps={STREAM_STEPS} done={stepsDone(continuity)} testId="stream">
      <CodeSamples
        samples={[{ language: 'Browser', code: streamCode(`${location.origin}${PATH}`) }]}
        label="An EventSource in the console"
      />
      <div className={css.buttons}>
        <button type="button" className={css.run} data-testid="stream-run" onClick={toggle}>
          {isOpen ? 'Close it' : 'Do it here'}
        </button>
        {isOpen && labKey !== undefined && (
          <button type="button" className={css.run} data-testid="stream-cut" onClick={() => void cut()}>
            Cut this stream
          </button>
        )}
      </div>
      <p className={css.hint}>
        To lose the connection, {labKey === undefined ? '' : 'press “Cut this stream”, or '}select Offline in the tab
        Network of the developer tools, wait a moment, and select No throttling again; or stop the server and start it.
      </p>
      {problem !== undefined && <p role="status">It was not cut: {problem}</p>}
      {events > 0 && (
        <p data-testid="stream-figures">
          {formatSize(events)} events, last id {lastId}. Connection lost {losses} times, {missed} events missed,{' '}
          {repeated} repeated.
        </p>
      )}
    </ExerciseBlock>
  )
}

/** Reads the stream until the returned function is called. Shows its hundreds of events a second ten times a second. */
function subscribe(onChange: (continuity: Continuity) => void, onLabKey: (key: string | undefined) => void) {
  const stream = new EventSource(PATH)
  let continuity = NOTHING_YET
  const happened = (happening: StreamHappening) => {
    continuity = nextContinuity(continuity, happening)
  }
  for (const name of FEED_EVENTS) {
    stream.addEventListener(name, ({ data, lastEventId }) => {
      happened({ type: 'event', seq: (JSON.parse(data) as { seq: number }).seq, id: lastEventId })
    })
  }
  stream.addEventListener('hello', ({ data }) => {
    happened({ type: 'hello' })
    onLabKey((JSON.parse(data) as Hello).labKey)
  })
  stream.addEventListener('reset', () => happened({ type: 'reset' }))
  let isConnected = false
  stream.onopen = () => {
    isConnected = true
  }
  stream.onerror = () => {
    // Each failed attempt to reconnect is an error too.
    if (isConnected) happened({ type: 'lost' })
    isConnected = false
  }
  const timer = setInterval(() => onChange(continuity), SHOWN_EVERY_MS)
  return () => {
    clearInterval(timer)
    stream.close()
  }
}
