// An exercise on a socket: code for the console, whose sockets a page cannot see, and a button that does the same here
// and shows each message.

'use client'

import { SUBPROTOCOL } from '@papertape/protocol'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { socketUrl } from '../exhibit/service.ts'
import { ExerciseBlock } from './ExerciseBlock.tsx'
import css from './exercises.module.css'
import type { Exercise } from './exercises.ts'
import { nextScriptState, type ScriptState, type ServerMessage, type SocketStep } from './socket-script.ts'

const SHOWN_MAX = 12

interface SocketExerciseProps {
  readonly exercise: Exercise
  readonly steps: readonly SocketStep[]
  readonly testId: string
  /** What to say before the server's words when it refuses. */
  readonly refused: string
  readonly children?: ReactNode
}

export function SocketExercise({ exercise, steps, testId, refused, children }: SocketExerciseProps) {
  const [state, setState] = useState<ScriptState>({ done: 0 })
  const [lines, setLines] = useState<readonly string[]>([])
  const socket = useRef<WebSocket>(undefined)

  useEffect(() => () => socket.current?.close(1000), [])

  const run = () => {
    socket.current?.close(1000)
    const one = new WebSocket(socketUrl(), SUBPROTOCOL)
    socket.current = one
    let script: ScriptState = { done: 0 }
    const show = (line: string) => setLines(before => [...before, line].slice(-SHOWN_MAX))
    const send = ({ send: message }: SocketStep) => {
      if (message === undefined) return
      one.send(JSON.stringify(message))
      show(`→ ${JSON.stringify(message)}`)
    }
    setLines([])
    setState(script)
    one.onopen = () => send(steps[0]!)
    one.onmessage = ({ data }: MessageEvent<string>) => {
      show(`← ${data}`)
      const next = nextScriptState(steps, script, JSON.parse(data) as ServerMessage)
      const step = next.done > script.done ? steps[next.done] : undefined
      script = next
      setState(script)
      if (step !== undefined) send(step)
      else if (script.done === steps.length || script.refusal !== undefined) one.close(1000)
    }
    one.onclose = ({ code, reason }) => show(`closed with ${code}${reason === '' ? '' : `: ${reason}`}`)
  }

  const done = steps.slice(0, state.done).map(({ id }) => id)
  return (
    <ExerciseBlock exercise={exercise} steps={steps} done={done} testId={testId}>
      {children}
      <button type="button" className={css.run} data-testid={`${testId}-run`} onClick={run}>
        Do it here
      </button>
      {state.refusal !== undefined && (
        <p role="status" data-testid={`${testId}-refusal`}>
          {refused} The server answered {state.refusal}
        </p>
      )}
      {lines.length > 0 && (
        <pre className={css.log} role="log" aria-label={`Messages: ${exercise.title}`} data-testid={`${testId}-log`}>
          {lines.join('\n')}
        </pre>
      )}
    </ExerciseBlock>
  )
}
