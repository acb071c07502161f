// The answers to the questions of the decision tree: given one by one, or those of a panel. Kept in the fragment of the
// address, so that they can be shared. Pure.

import { chooseTransport, DECISION_TREE, type DecisionNode, type Need, type Transport } from '@papertape/protocol'
import { PANEL_NAMES, type PanelName } from '../../connections/panels.ts'

/** A panel answers by what it needs. */
export type TreeAnswers = { readonly panel: PanelName } | { readonly need: Need }

export type Question = Extract<DecisionNode, { kind: 'question' }>
export const QUESTIONS = Object.entries(DECISION_TREE).filter(
  (entry): entry is [string, Question] => entry[1].kind === 'question',
)

const FIRST: TreeAnswers = { panel: 'ticker' }
const NEED_NAMES = ['realtime', 'bidirectional', 'streams'] as const satisfies readonly (keyof Need)[]

/** `#depth` is a panel, `#need?realtime=true&bidirectional=false` are answers. Anything else is the ticker. */
export function readAnswers(fragment: string): TreeAnswers {
  const [name, query] = fragment.replace(/^#/, '').split('?')
  const panel = PANEL_NAMES.find(one => one === name)
  if (panel !== undefined) return { panel }
  if (name !== 'need' || query === undefined) return FIRST
  const given = new URLSearchParams(query)
  // As in GET /v1/transport: streams pass unless it says otherwise.
  return {
    need: {
      realtime: given.get('realtime') === 'true',
      bidirectional: given.get('bidirectional') === 'true',
      streams: given.get('streams') !== 'false',
    },
  }
}

export function fragmentOf(answers: TreeAnswers): string {
  return 'panel' in answers ? `#${answers.panel}` : `#need?${needQuery(answers.need)}`
}

/** The query of GET /v1/transport for a need. */
export function needQuery(need: Need): string {
  return NEED_NAMES.map(name => `${name}=${need[name]}`).join('&')
}

/** Why a question is not asked: the answer on the path that leads elsewhere. undefined if it is asked. */
export function whyNotAsked(id: string, need: Need): string | undefined {
  const { path } = chooseTransport(need)
  if (path.includes(id)) return undefined
  const [parentId, parent] = QUESTIONS.find(([, { yes, no }]) => yes === id || no === id)!
  if (!path.includes(parentId)) return whyNotAsked(parentId, need)
  return `Does not matter: “${parent.text}” is answered ${need[parent.asks] ? 'yes' : 'no'}.`
}

/** The answers that lead to a transport with the fewest changes. */
export function nearestNeed(need: Need, transport: Transport): Need {
  const differences = (one: Need) => NEED_NAMES.filter(name => one[name] !== need[name]).length
  const candidates = everyNeed().filter(one => chooseTransport(one).transport === transport)
  return candidates.reduce((best, one) => (differences(one) < differences(best) ? one : best))
}

function everyNeed(): Need[] {
  const either = [true, false]
  return either.flatMap(realtime =>
    either.flatMap(bidirectional => either.map(streams => ({ realtime, bidirectional, streams }))),
  )
}
