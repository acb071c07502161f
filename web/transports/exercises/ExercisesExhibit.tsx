// An exhibit: the exercises of the documents, done on this server.

'use client'

import { CodeSamples } from '../exhibit/CodeSamples.tsx'
import { socketUrl } from '../exhibit/service.ts'
import css from './exercises.module.css'
import { SOCKET_EXERCISE, SOCKET_STEPS, socketCode, TYPING_EXERCISE, TYPING_STEPS } from './exercises.ts'
import { ProtocolExercise } from './ProtocolExercise.tsx'
import { SocketExercise } from './SocketExercise.tsx'
import { StreamExercise } from './StreamExercise.tsx'

export function ExercisesExhibit() {
  return (
    <div className={css.exercises}>
      <ProtocolExercise />
      <SocketExercise exercise={SOCKET_EXERCISE} steps={SOCKET_STEPS} testId="socket" refused="It was refused.">
        <CodeSamples
          samples={[{ language: 'Browser', code: socketCode(socketUrl()) }]}
          label="A socket in the console"
        />
        <p className={css.hint}>A page does not see the sockets of the console. The button does the same.</p>
      </SocketExercise>
      <StreamExercise />
      <SocketExercise
        exercise={TYPING_EXERCISE}
        steps={TYPING_STEPS}
        testId="typing"
        refused="This server refused the room, so the exercise ends here."
      />
    </div>
  )
}
