// A name means one thing in the whole repository.

import { describe } from 'node:test'
import type { Rule } from '../support/source-tree.ts'
import { testRule } from '../support/tidy-rule.ts'

/** Repeated on purpose, with the reason. */
const REPEATED: Readonly<Record<string, string>> = {
  next: 'the transition function of each state machine',
  inOrder: 'the order of events of each state machine',
  freshness: 'of the feed and of the order channel, by the same terms',
  openAccount: 'a command: one side sends it, the engine carries it out',
  placeOrder: 'as openAccount',
  replaceOrder: 'as openAccount',
  cancelOrder: 'as openAccount',
  cancelAllAfter: 'as openAccount',
  cancelAllOrders: 'as openAccount',
  helpText: 'of each program',
}

const repeatedNames: Rule = tree => {
  const places = new Map<string, string[]>()
  for (const { path, declarations } of tree.sources.values()) {
    if (/\.test\.tsx?$/.test(path)) continue
    for (const name of declarations) {
      // A component is named after what it shows.
      if (path.endsWith('.tsx') && /^[A-Z]/.test(name)) continue
      places.set(name, [...(places.get(name) ?? []), path])
    }
  }
  return [...places]
    .filter(([name, paths]) => paths.length > 1 && !(name in REPEATED))
    .map(([name, paths]) => `${name}: ${paths.join(', ')}`)
}

describe('names', () => {
  testRule('of types and exported functions are declared once, test files aside', repeatedNames, {
    bad: [
      { 'web/a.ts': 'interface Row {}', 'feed/src/a.ts': 'export type Row = 1' },
      { 'web/a.ts': 'export class Row {}', 'feed/src/a.ts': 'export const Row = () => 1' },
      { 'web/a.ts': 'export function readRow() {}', 'feed/src/a.ts': 'export function readRow() {}' },
    ],
    good: [
      { 'web/a.ts': 'export function readRow() {}', 'web/b.ts': "export { readRow } from './a.ts'" },
      { 'web/a.ts': 'function readRow() {}', 'feed/src/a.ts': 'function readRow() {}' },
      { 'web/a.ts': 'export interface Row {}; export const Row = () => 1' },
      { 'web/Row.tsx': 'export function Row() {}', 'web/b.ts': 'export interface Row {}' },
      { 'web/a.ts': "declare module 'x' { interface Row {} }", 'web/b.ts': 'export interface Row {}' },
    ],
  })
})
