// Parses a line of the rulebook into a step. Text in, steps out; it uses no exchange. engine/rulebook/README.md
// describes the language.

import { PHASES, type SelfTradePrevention, type Side, type TimeInForce } from '@papertape/protocol'
import {
  type CaseOutcome,
  type CaseStep,
  HOME_SYMBOL,
  type Holding,
  normalizeText,
  type OrderTerms,
  RULE_NAMES,
  type RulebookAction,
  type RulebookChange,
  type RuleName,
  type StateCheck,
} from './language.ts'

const NUMBER = String.raw`(-?\d+(?:\.\d+)?)`
/** `9.50`, or `9.50/9.45` with a limit. */
const STOP_AND_LIMIT = String.raw`(\d+(?:\.\d+)?(?:/\d+(?:\.\d+)?)?)`
const TRADER = '([A-Z][a-z]+)'
const SYMBOL = '([A-Z]{2,})'
const OUTCOME =
  /^(?:rests|waits|fills|canceled|expired|triggered|replaced|reduced|moved|stop|held|starts|refused|duplicate|phase|auction)\b/
/** Of the market, not of an order. */
const MARKET_OUTCOME = /^(?:phase|auction)\b/
const WAITS_MS: Readonly<Record<string, number>> = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 }

/** What may follow `Ann buys 100`, in any order. */
const TERMS: readonly (readonly [RegExp, (found: string) => Partial<OrderTerms>])[] = [
  [start(`@ ${NUMBER}`), price => ({ price: Number(price) })],
  [start('at market'), () => ({ orderType: 'market' })],
  [start(`stop ${NUMBER}`), stopPrice => ({ stopPrice: Number(stopPrice) })],
  [start(`trailing ${NUMBER}`), amount => ({ orderType: 'trailingStop', trailAmount: Number(amount) })],
  [start(`trailing ${NUMBER}%`), percent => ({ orderType: 'trailingStop', trailPercent: Number(percent) })],
  [start(`limit offset ${NUMBER}`), offset => ({ limitOffset: Number(offset) })],
  [start(`shows ${NUMBER}`), displaySize => ({ displaySize: Number(displaySize) })],
  [start(`at least ${NUMBER}`), minSize => ({ minSize: Number(minSize) })],
  [start('STP (\\w+)'), mode => ({ selfTradePrevention: mode as SelfTradePrevention })],
  [start('(GTC|DAY|GTD|IOC|FOK|OPG|CLS)'), name => ({ timeInForce: name as TimeInForce })],
  [start(String.raw`until (\d\d:\d\d)`), time => ({ expireTime: msOfDay(time) })],
  [
    start(`profit ${NUMBER}`),
    price => ({ orderClass: 'bracket', takeProfit: { clientOrderId: '', price: Number(price) } }),
  ],
  [start(`loss ${STOP_AND_LIMIT}`), prices => ({ orderClass: 'bracket', stopLoss: stopLoss(prices) })],
  [start(`oco ${STOP_AND_LIMIT}`), prices => ({ orderClass: 'oco', stopLoss: stopLoss(prices) })],
  [start('post-only'), () => ({ postOnly: true })],
]

/** How a check begins, with the name of its instrument, trader or order. */
const CHECKS: readonly (readonly [StateCheck['about'], RegExp])[] = [
  ['book', start(`book(?: ${SYMBOL})?`)],
  ['last', start(`last(?: ${SYMBOL})?`)],
  ['phase', start(`phase(?: ${SYMBOL})?`)],
  ['bands', start(`bands(?: ${SYMBOL})?`)],
  ['indication', start(`indication(?: ${SYMBOL})?`)],
  ['holdings', start('(\\w+) has')],
  ['order', start('(\\w+) is')],
]

/** @throws an Error with the part that is not understood. */
export function parseStep(text: string, line: number): CaseStep {
  const [statement, ...endings] = text.split('→').map(part => part.trim())
  const check = parseCheck(statement!)
  if (check !== undefined) {
    if (endings.length > 0) throw new Error('a check has no outcome')
    return { line, text, does: check }
  }
  const [, times = '1', rest] = /^(?:(\d+) times )?(.*)$/.exec(statement!)!
  const action = parseAction(rest!)
  const outcomes = endings.flatMap(ending => parseOutcomes(ending, nameOf(action)))
  return { line, text, does: { action, times: Number(times), outcomes } }
}

/** @param who the order of the outcomes where the text has no name. */
function parseOutcomes(text: string, who: string): CaseOutcome[] {
  if (text === 'nothing') return []
  const subject = OUTCOME.test(text) ? undefined : /^(\w+) /.exec(text)?.[1]
  const items = (subject === undefined ? text : text.slice(subject.length + 1)).split(/, (?![^(]*\))/)
  return items.map(item => {
    const whole = /^\d/.test(item) ? `fills ${item}` : item
    if (!OUTCOME.test(whole)) throw new Error(`"${item}" is no outcome`)
    const details = whole.match(/ behind \d+| \(.*\)| (?:buy|sell)$/g) ?? []
    const what = details.reduce<string>((left, detail) => left.replace(detail, ''), whole)
    return {
      who: MARKET_OUTCOME.test(whole) ? '' : (subject ?? who),
      what: normalizeText(what),
      details: details.map(normalizeText),
    }
  })
}

function parseAction(text: string): RulebookAction {
  const [, ms, unit] = whole(`${NUMBER} (second|minute|hour|day)s? pass(?:es)?`).exec(text) ?? []
  if (ms !== undefined) return { does: 'wait', ms: Number(ms) * WAITS_MS[unit!]! }
  const [, time] = whole(String.raw`at (\d\d:\d\d)`).exec(text) ?? []
  if (time !== undefined) return { does: 'waitUntil', msOfDay: msOfDay(time) }
  if (text.startsWith('Rules: ')) return parseRules(text)
  const [, trader, verb, rest = ''] = whole(`${TRADER} ([a-z]+) ?(.*)`).exec(text) ?? []
  if (trader === 'Operator' && verb === 'sets') return parseSetPhase(rest)
  if (verb === 'buys') return parsePlace(trader!, 'buy', rest)
  if (verb === 'sells') return parsePlace(trader!, 'sell', rest)
  if (verb === 'replaces') return parseReplace(trader!, rest)
  if (verb === 'cancels') return parseCancel(trader!, rest)
  if (verb === 'starts') return parseStart(trader!, rest)
  throw new Error(`"${text}" is not understood`)
}

function parsePlace(trader: string, side: Side, text: string): RulebookAction {
  const [, size, symbol = HOME_SYMBOL, rest = ''] =
    whole(`${NUMBER}(?: ${SYMBOL}(?= |$)(?<!GTC|DAY|GTD|IOC|FOK|OPG|CLS|STP))? ?(.*)`).exec(text) ?? []
  if (size === undefined) throw new Error('an order has a size')
  const [terms, label] = takeLabel(rest)
  let order: OrderTerms = { symbol, side, size: Number(size), orderType: 'limit', timeInForce: 'GTC', postOnly: false }
  for (let left = terms; left !== ''; ) {
    const term = TERMS.find(([pattern]) => pattern.test(left))
    if (term === undefined) throw new Error(`"${left}" is no term of an order`)
    const [found, value = ''] = term[0].exec(left)!
    order = { ...order, ...term[1](value) }
    left = left.slice(found.length).trim()
  }
  const stopType = order.orderType === 'market' ? 'stop' : 'stopLimit'
  if (order.stopPrice !== undefined) order = { ...order, orderType: stopType }
  return { does: 'place', trader, name: label ?? trader, terms: order }
}

function parseReplace(trader: string, text: string): RulebookAction {
  const [terms, label] = takeLabel(text)
  const found = whole(`(?:(\\w+) )?with(?: ${NUMBER})?(?: @ ${NUMBER})?(?: stop ${NUMBER})?`).exec(terms)
  if (found === null) throw new Error('expected "replaces A1 with 50 @ 10.00 stop 10.05", or some of it')
  const [, name = trader, size, price, stopPrice] = found
  const change: RulebookChange = {
    newName: label ?? name,
    ...(size === undefined ? {} : { size: Number(size) }),
    ...(price === undefined ? {} : { price: Number(price) }),
    ...(stopPrice === undefined ? {} : { stopPrice: Number(stopPrice) }),
  }
  return { does: 'replace', trader, name, change }
}

function parseCancel(trader: string, text: string): RulebookAction {
  const all = whole(`all(?: ${SYMBOL})?(?: (buys|sells))?`).exec(text)
  if (all === null) return { does: 'cancel', trader, name: text === '' ? trader : text }
  const [, symbol, sides] = all
  return {
    does: 'cancelAll',
    trader,
    ...(symbol === undefined ? {} : { symbol }),
    ...(sides === undefined ? {} : { side: sides === 'buys' ? 'buy' : 'sell' }),
  }
}

function parseStart(trader: string, text: string): RulebookAction {
  const [, cash, margin, rest = ''] = whole(`with ${NUMBER} in cash( on margin)?((?:, \\d+ [A-Z]+)*)`).exec(text) ?? []
  if (cash === undefined) throw new Error('expected "starts with 500 in cash, 20 ACME"')
  const sizes = [...rest.matchAll(/, (\d+) ([A-Z]+)/g)].map(([, size, symbol]): Holding => [symbol!, Number(size)])
  return { does: 'start', trader, cash: Number(cash), margin: margin !== undefined, sizes }
}

function parseSetPhase(text: string): RulebookAction {
  const [, symbol, phase] = whole(`(?:${SYMBOL} )?(\\w+)`).exec(text) ?? []
  const known = PHASES.find(name => name === phase)
  if (known === undefined) throw new Error(`"${text}" is no phase: ${PHASES.join(', ')}`)
  return { does: 'setPhase', symbol: symbol ?? null, phase: known }
}

/** `Rules: price bands, no collar` */
function parseRules(text: string): RulebookAction {
  const names = text.slice('Rules: '.length).split(', ')
  const rules = names.map(name => RULE_NAMES.find(known => known === name))
  if (rules.includes(undefined)) throw new Error(`the rules that a case may name are ${RULE_NAMES.join(', ')}`)
  return { does: 'rule', rules: rules as RuleName[] }
}

function parseCheck(text: string): StateCheck | undefined {
  for (const [about, pattern] of CHECKS) {
    const found = pattern.exec(text)
    if (found !== null)
      return { about, of: found[1] ?? HOME_SYMBOL, expected: normalizeText(text.slice(found[0].length).trim()) }
  }
  return undefined
}

/** `… as A1` gives an order a label. */
function takeLabel(text: string): [rest: string, label: string | undefined] {
  const [, rest = text, label] = /^(.*?) ?\bas (\w+)$/.exec(text) ?? []
  return [rest, label]
}

/** The order of an outcome without a name. */
function nameOf(action: RulebookAction): string {
  if (action.does === 'replace') return action.change.newName
  return 'name' in action ? action.name : ''
}

function stopLoss(prices: string): NonNullable<OrderTerms['stopLoss']> {
  const [stopPrice, price] = prices.split('/').map(Number)
  return { clientOrderId: '', stopPrice: stopPrice!, ...(price === undefined ? {} : { price }) }
}

/** @param time `16:00` */
function msOfDay(time: string): number {
  const [hours, minutes] = time.split(':').map(Number)
  return (hours! * 60 + minutes!) * 60_000
}

function whole(pattern: string): RegExp {
  return new RegExp(`^${pattern}$`)
}

function start(pattern: string): RegExp {
  return new RegExp(`^${pattern}(?= |$)`)
}
