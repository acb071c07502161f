// Runs one case of the rulebook on an exchange of its own. Strict: an outcome that the case does not have is a
// failure. Also checks that no cash and no share is created or lost, that no account owes, and that every fill was
// published.

import { strict as assert } from 'node:assert'
import type { Command, CommandAnswer, PrivateEvent } from '@papertape/protocol'
import {
  type CaseOutcome,
  type CaseStep,
  HOME_SYMBOL,
  type Holding,
  normalizeText,
  type RulebookAction,
} from './language.ts'
import { OutcomeWriter, rejectOutcome } from './outcomes.ts'
import type { RulebookCase } from './reader.ts'
import { RulebookExchange } from './rulebook-exchange.ts'

const START_CASH = 1_000_000
const START_HOLDINGS: readonly Holding[] = [[HOME_SYMBOL, 10_000]]

/** The action of a step after the case has begun. */
type RunAction = Exclude<RulebookAction, { does: 'start' | 'rule' }>

/** @param restarts the exchange is saved and restored before each command. @throws when a step has other outcomes. */
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
  readonly #exchange: RulebookExchange
  #ids = 0
  /** The current clientOrderId of each order, by trader and name. */
  readonly #clientOrderIds = new Map<string, string>()
  /** The cash and shares of all traders together. */
  readonly #total: string

  constructor({ steps }: RulebookCase) {
    const actions = steps.flatMap(({ does }) => ('action' in does ? [does.action] : []))
    this.#exchange = new RulebookExchange(actions.flatMap(action => (action.does === 'rule' ? action.rules : [])))
    for (const trader of new Set(actions.flatMap(action => ('trader' in action ? [action.trader] : [])))) {
      const start = actions.find(action => action.does === 'start' && action.trader === trader)
      if (start?.does === 'start') this.#exchange.open(trader, start.cash, start.sizes, start.margin)
      else this.#exchange.open(trader, START_CASH, START_HOLDINGS)
    }
    this.#exchange.takeEvents()
    this.#total = this.#exchange.totals()
  }

  take({ does }: CaseStep, restarts: boolean): void {
    if ('about' in does) {
      const actual = normalizeText(this.#exchange.read(does))
      assert.ok(actual === does.expected, `expected ${does.expected}\n  actual   ${actual}`)
      return
    }
    const { action, outcomes: expected } = does
    if (action.does === 'start' || action.does === 'rule') return
    if (restarts) this.#exchange.restart()
    for (let time = 0; time < does.times; time++) {
      const actual = this.#act(action)
      assert.ok(agree(expected, actual), `expected ${print(expected)}\n  actual   ${print(actual)}`)
      assert.equal(this.#exchange.totals(), this.#total, 'cash and shares are conserved')
    }
  }

  #act(action: RunAction): CaseOutcome[] {
    const exchange = this.#exchange
    if (action.does === 'wait') exchange.pass(action.ms)
    if (action.does === 'waitUntil') exchange.passUntil(action.msOfDay)
    const phase = exchange.core.phase(HOME_SYMBOL)
    const answer = exchange.do(this.#commandOf(action))
    if ('name' in action) this.#learnName(action, answer)
    const { publicEvents, privateEvents } = exchange.takeEvents()
    if ('trader' in action) this.#learnLegs(action.trader, privateEvents)
    const outcome = directOutcome(action, answer)
    if (outcome !== undefined) {
      const published = publicEvents.filter(({ event }) => event !== 'candle')
      assert.deepEqual([privateEvents, published], [[], []], 'nothing else is published')
      return [outcome]
    }
    return new OutcomeWriter(orderId => exchange.names.get(orderId) ?? 'Liquidation').write(
      HOME_SYMBOL,
      phase,
      publicEvents,
      privateEvents,
    )
  }

  #commandOf(action: RunAction): Command {
    switch (action.does) {
      case 'place': {
        const { trader, name, terms } = action
        const clientOrderId = name === trader ? `${trader}-${++this.#ids}` : name
        const { expireTime, takeProfit, stopLoss } = terms
        return {
          type: 'order.place',
          accountId: trader,
          clientOrderId,
          ...terms,
          ...(expireTime === undefined ? {} : { expireTime: this.#exchange.timeAt(expireTime) }),
          ...(takeProfit && { takeProfit: { ...takeProfit, clientOrderId: `${name}Profit` } }),
          ...(stopLoss && { stopLoss: { ...stopLoss, clientOrderId: `${name}Loss` } }),
        }
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

  /** An order without a label is the only open one of its trader. */
  #reference(trader: string, name: string): { readonly origClientOrderId: string } {
    const { core, names } = this.#exchange
    const open = core.account(trader)!.orders.filter(({ orderId }) => names.get(orderId) === name)
    assert.ok(open.length <= 1, `${trader} has ${open.length} orders that ${name} could be: give them labels`)
    return { origClientOrderId: this.#clientOrderIds.get(`${trader} ${name}`) ?? name }
  }

  /** The legs of a list are named by their ids, such as A1Profit. */
  #learnLegs(trader: string, events: readonly PrivateEvent[]): void {
    for (const event of events) {
      if (event.type !== 'execution' || this.#exchange.names.has(event.orderId)) continue
      this.#exchange.names.set(event.orderId, event.clientOrderId)
      this.#clientOrderIds.set(`${trader} ${event.clientOrderId}`, event.clientOrderId)
    }
  }

  #learnName(action: Extract<RulebookAction, { name: string }>, answer: CommandAnswer): void {
    if (answer.type !== 'execution' || answer.duplicate || action.does === 'cancel') return
    const name = action.does === 'replace' ? action.change.newName : action.name
    this.#exchange.names.set(answer.orderId, name)
    this.#clientOrderIds.set(`${action.trader} ${name}`, answer.clientOrderId)
  }
}

/** The outcome of a command that is answered without any event. */
function directOutcome(action: RunAction, answer: CommandAnswer): CaseOutcome | undefined {
  const who = action.does === 'replace' ? action.change.newName : 'name' in action ? action.name : ''
  if (answer.type === 'execution' && answer.duplicate) return { who, what: 'duplicate', details: [] }
  if (answer.type !== 'cancel.reject') return undefined
  const [what, detail] = rejectOutcome(answer)
  return { who, what, details: [detail] }
}

/** Equal orders and outcomes, and every detail that the case has. */
function agree(expected: readonly CaseOutcome[], actual: readonly CaseOutcome[]): boolean {
  if (expected.length !== actual.length) return false
  return expected.every(({ who, what, details }, at) => {
    const other = actual[at]!
    return who === other.who && what === other.what && details.every(detail => other.details.includes(detail))
  })
}

function print(outcomes: readonly CaseOutcome[]): string {
  if (outcomes.length === 0) return '→ nothing'
  let last: string | undefined
  const items = outcomes.map(({ who, what, details }) => {
    const head = who === last ? ', ' : ` → ${who}${who === '' ? '' : ' '}`
    last = who
    return `${head}${what}${details.join('')}`
  })
  return items.join('').trim()
}
