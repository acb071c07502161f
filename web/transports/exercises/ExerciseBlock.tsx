// The steps of an exercise, with a check mark on each that the page has verified.

import type { ReactNode } from 'react'
import css from './exercises.module.css'
import type { Exercise, Step } from './exercises.ts'

interface ExerciseBlockProps {
  readonly exercise: Exercise
  readonly steps: readonly Step[]
  readonly done: readonly string[]
  readonly testId: string
  readonly children: ReactNode
}

export function ExerciseBlock({ exercise: { title, aim }, steps, done, testId, children }: ExerciseBlockProps) {
  return (
    <section className={css.exercise} aria-label={title} data-testid={testId}>
      <h3>{title}</h3>
      <p className={css.aim}>{aim}</p>
      <ol className={css.steps}>
        {steps.map(({ id, text }) => {
          const isDone = done.includes(id)
          return (
            <li key={id} data-done={isDone} data-testid={`${testId}-${id}`}>
              {text}
              <span className="visually-hidden">{isDone ? ' Done.' : ' Not done.'}</span>
            </li>
          )
        })}
      </ol>
      <div className={css.trial}>{children}</div>
    </section>
  )
}
