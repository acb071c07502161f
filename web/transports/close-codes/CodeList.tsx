// The close codes of protocol's table: what each means, who sends it, what a client does next, and the buttons.

import { CLOSE_CODES, type CloseCode } from '@papertape/protocol'
import { CLOSE_CODE_TEXTS } from './close-code-texts.ts'
import css from './close-codes.module.css'
import { PROVOCATION_NAMES, PROVOCATIONS, type ProvocationName } from './provocations.ts'
import { RuleChip } from './RuleChip.tsx'

interface CodeListProps {
  readonly shown: ProvocationName | undefined
  readonly onStart: (provocation: ProvocationName) => void
}

const CODES = Object.keys(CLOSE_CODES).map(Number) as CloseCode[]

export function CodeList({ shown, onStart }: CodeListProps) {
  return (
    <section className={css.list} aria-labelledby="codes-title">
      <h3 id="codes-title">Close codes</h3>
      <ul>
        {CODES.map(code => (
          <li key={code} className={css.code} data-testid={`code-${code}`}>
            <b className={css.number}>{code}</b>
            <div>
              <h4>{CLOSE_CODE_TEXTS[code].name}</h4>
              <p>{CLOSE_CODE_TEXTS[code].explanation}</p>
              <p className={css.sender}>Sent by {CLOSE_CODE_TEXTS[code].sentBy}</p>
            </div>
            <RuleChip rule={CLOSE_CODES[code].retry} />
            <div className={css.buttons}>
              {PROVOCATION_NAMES.filter(name => PROVOCATIONS[name].code === code).map(name => (
                <button
                  key={name}
                  type="button"
                  data-testid={`provoke-${name}`}
                  aria-current={name === shown ? 'true' : undefined}
                  onClick={() => onStart(name)}
                >
                  {PROVOCATIONS[name].label}
                </button>
              ))}
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}
