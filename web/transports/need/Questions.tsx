// The questions of the decision tree, each with yes and no. Questions that the path does not reach cannot be answered,
// and say why they do not matter.

import type { Need } from '@papertape/protocol'
import { QUESTIONS, type Question, whyNotAsked } from './answers.ts'
import css from './questions.module.css'

interface QuestionsProps {
  readonly need: Need
  readonly onAnswer: (need: Need) => void
}

export function Questions({ need, onAnswer }: QuestionsProps) {
  return (
    <ol className={css.questions} data-testid="questions">
      {QUESTIONS.map(([id, question]) => (
        <li key={id}>
          <QuestionField
            id={id}
            question={question}
            notAsked={whyNotAsked(id, need)}
            value={need[question.asks]}
            onAnswer={value => onAnswer({ ...need, [question.asks]: value })}
          />
        </li>
      ))}
    </ol>
  )
}

interface QuestionFieldProps {
  readonly id: string
  readonly question: Question
  readonly notAsked: string | undefined
  readonly value: boolean
  readonly onAnswer: (value: boolean) => void
}

function QuestionField({ id, question, notAsked, value, onAnswer }: QuestionFieldProps) {
  const isAsked = notAsked === undefined
  return (
    <fieldset
      className={css.question}
      disabled={!isAsked}
      aria-describedby={`${id}-help`}
      data-testid={`question-${id}`}
    >
      <legend>{question.text}</legend>
      <p id={`${id}-help`}>{notAsked ?? question.help}</p>
      <div className={css.choices}>
        {[true, false].map(choice => (
          <label key={String(choice)} className={css.choice}>
            <input
              type="radio"
              name={`question-${id}`}
              checked={isAsked && value === choice}
              onChange={() => onAnswer(choice)}
            />
            {choice ? 'Yes' : 'No'}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
