// The operator's commands: phases and news.

import type { CommandAnswer, PublishNews, SetPhase } from '@papertape/protocol'
import { setPhases } from '../phases/set-phase.ts'
import { assert } from '../primitives/assert.ts'
import type { ExchangeState } from '../state/exchange-state.ts'

const DONE = { type: 'done' } as const

export function setPhase(state: ExchangeState, { symbol, phase, reason, until }: SetPhase): CommandAnswer {
  const instrument = symbol === null ? undefined : state.instrument(symbol)
  assert(symbol === null || instrument !== undefined, 'a phase is set for a listed instrument')
  setPhases(state, instrument === undefined ? state.instruments : [instrument], phase, state.log.time, {
    reason,
    until,
  })
  return DONE
}

export function publishNews(state: ExchangeState, { headline, symbols, severity }: PublishNews): CommandAnswer {
  const isListed = symbols.every(symbol => state.instrument(symbol) !== undefined)
  assert(isListed, 'news is about listed instruments')
  state.log.news(headline, symbols, severity)
  return DONE
}
