// The operator's commands: phases and news.

import type { CommandAnswer, PublishNews, SetPhase } from '@papertape/protocol'
import { movePhases } from '../phases/set-phase.ts'
import { assert } from '../primitives/assert.ts'
import type { Floor } from '../state/exchange-state.ts'

const DONE = { type: 'done' } as const

export function setPhase(floor: Floor, { symbol, phase, reason, until }: SetPhase): CommandAnswer {
  const listing = symbol === null ? undefined : floor.listing(symbol)
  assert(symbol === null || listing !== undefined, 'a phase is set for a listed instrument')
  movePhases(floor, listing === undefined ? floor.listings : [listing], phase, floor.log.time, { reason, until })
  return DONE
}

export function publishNews(floor: Floor, { headline, symbols, severity }: PublishNews): CommandAnswer {
  const isListed = symbols.every(symbol => floor.listing(symbol) !== undefined)
  assert(isListed, 'news is about listed instruments')
  floor.log.news(headline, symbols, severity)
  return DONE
}
