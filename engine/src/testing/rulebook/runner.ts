// Runs one case of the rulebook on an exchange of its own. Strict: what the case does not say may not happen. Beside what
// it says, no money and no share is made or lost, nobody owes, and the tape has what was filled.

import { strict as assert } from 'node:assert'
import type { Command, CommandAnswer } from '@papertape/protocol'
import { type Action, HOME_SYMBOL, type Holding, normal, type Outcome, type Step } from './language.ts'
import { OutcomeTeller, refused } from './outcomes.ts'
import type { RulebookCase } from './reader.ts'
import { RulebookVenue } from './rulebook-exchange.ts'

const START_CASH = 1_000_000
const START_HOLDINGS: readonly Holding[] = [[HOME_SYMBOL, 10_000]]

/** What a step does once the case has begun. */
type Deed = Exclude<Action, { does: 'start' | 'rule' }>

/** @param restarts the exchange is stored and taken up again before each deed. @throws when a step goes otherwise. */
export function runCase(rulebookCase: RulebookCase, restarts: boolean): void {
  const run = new CaseRun(rulebookCase)
  for (const step of rulebookCase.steps) {
    try {
      run.take(step, restarts)
    } catch (error) {
      const where = `${rulebookCase.file}:${step.line}: ${step.text}`
      throw new Error(`${where}\n  ${(error as Error).message}`, { cause: error })
    }
  }
}

class CaseRun {
  readonly #venue: RulebookVenue
  #ids = 0
  /** The present clientOrderId of each order, by trader and name. */
  readonly #clientOrderIds = new Map<string, string>()
  /** Cash and shares of all. */
  readonly #total: string

  constructor({ steps }: RulebookCase) {
    const actions = steps.flatMap(({ does }) => ('action' in does ? [does.action] : []))
    this.#venue = new RulebookVenue(actions.flatMap(action => (action.does === 'rule' ? action.rules : [])))
    for (const trader of new Set(actions.flatMap(action => ('trader' in action ? [action.trader] : [])))) {
      const start = actions.find(action => action.does === 'start' && action.trader === trader)
      if (start?.does === 'start') this.#venue.open(trader, start.cash, start.sizes)
      else this.#venue.open(trader, START_CASH, START_HOLDINGS)
    }
    this.#venue.hear()
    this.#total = this.#venue.sumUp()
  }

  take({ does }: Step, restarts: boolean): void {
    if ('about' in does) {
      const actual = normal(this.#venue.says(does))
      assert.ok(actual === does.says, `expected ${does.says}\n  actual   ${actual}`)
      return
    }
    const { action, outcomes: expected } = does
    if (action.does === 'start' || action.does === 'rule') return
    if (restarts) this.#venue.restart()
    for (let time = 0; time < does.times; time++) {
      const actual = this.#act(action)
      assert.ok(agree(expected, actual), `expected ${print(expected)}\n  actual   ${print(actual)}`)
      assert.equal(this.#venue.sumUp(), this.#total, 'cash and shares are kept')
    }
  }

  #act(action: Deed): Outcome[] {
    const venue = this.#venue
    if (action.does === 'wait') venue.pass(action.ms)
    if (action.does === 'waitUntil') venue.passUntil(action.msOfDay)
    const phase = venue.exchange.phase(HOME_SYMBOL)
    const answer = venue.do(this.#commandOf(action))
    if ('name' in action) this.#learnName(action, answer)
    const { events, told } = venue.hear()
    const outcome = outcomeForAskerAlone(action, answer)
    if (outcome !== undefined) {
      assert.deepEqual([told, events.filter(({ event }) => event !== 'candle')], [[], []], 'nobody else hears of it')
      return [outcome]
    }
    return new OutcomeTeller(orderId => venue.names.get(orderId)!).tell(HOME_SYMBOL, phase, events, told)
  }

  #commandOf(action: Deed): Command {
    switch (action.does) {
      case 'place': {
        const { trader, name, terms } = action
        const clientOrderId = name === trader ? `${trader}-${++this.#ids}` : name
        return { type: 'order.place', accountId: trader, clientOrderId, ...terms }
      }
      case 'replace': {
        const { trader, name, change } = action
        const { newName, ...terms } = change
        const clientOrderId = newName === name ? `${name}-${++this.#ids}` : newName
        return { type: 'order.replace', accountId: trader, clientOrderId, ...this.#reference(trader, name), ...terms }
      }
      case 'cancel':
        return { type: 'order.cancel', accountId: action.trader, ...this.#reference(action.trader, action.name) }
      case 'cancelAll': {
        const { does, trader, ...which } = action
        return { type: 'order.cancelAll', accountId: trader, ...which }
      }
      case 'setPhase':
        return { type: 'phase.set', symbol: action.symbol, phase: action.phase, reason: null, until: null }
      case 'wait':
      case 'waitUntil':
        return { type: 'clock.advance' }
    }
  }

  /** An order without a label is its trader's only open one. */
  #reference(trader: string, name: string): { readonly origClientOrderId: string } {
    const { exchange, names } = this.#venue
    const open = exchange.account(trader)!.orders.filter(({ orderId }) => names.get(orderId) === name)
    assert.ok(open.length <= 1, `${trader} has ${open.length} orders that ${name} could be: give them labels`)
    return { origClientOrderId: this.#clientOrderIds.get(`${trader} ${name}`) ?? name }
  }

  #learnName(action: Extract<Action, { name: string }>, answer: CommandAnswer): void {
    if (answer.type !== 'execution' || answer.duplicate || action.does === 'cancel') return
    const name = action.does === 'replace' ? action.change.newName : action.name
    this.#venue.names.set(answer.orderId, name)
    this.#clientOrderIds.set(`${action.trader} ${name}`, answer.clientOrderId)
  }
}

/** What is answered to the asker alone, and happens to nobody. */
function outcomeForAskerAlone(action: Deed, answer: CommandAnswer): Outcome | undefined {
  const who = action.does === 'replace' ? action.change.newName : 'name' in action ? action.name : ''
  if (answer.type === 'execution' && answer.duplicate) return { who, what: 'duplicate', details: [] }
  if (answer.type !== 'cancel.reject') return undefined
  const [what, detail] = refused(answer)
  return { who, what, details: [detail] }
}

/** Who, what, and every detail that is said. */
function agree(expected: readonly Outcome[], actual: readonly Outcome[]): boolean {
  if (expected.length !== actual.length) return false
  return expected.every(({ who, what, details }, at) => {
    const other = actual[at]!
    return who === other.who && what === other.what && details.every(detail => other.details.includes(detail))
  })
}

function print(outcomes: readonly Outcome[]): string {
  if (outcomes.length === 0) return '→ nothing'
  let last: string | undefined
  const items = outcomes.map(({ who, what, details }) => {
    const head = who === last ? ', ' : ` → ${who}${who === '' ? '' : ' '}`
    last = who
    return `${head}${what}${details.join('')}`
  })
  return items.join('').trim()
}
