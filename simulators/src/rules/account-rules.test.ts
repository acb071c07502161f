// What accounts pay and may have, and their margins, from the settings.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DEFAULT_RULES } from '@papertape/engine'
import {
  accountRulesOf,
  nameOfAccountRules,
  parseMargin,
  parsePerShare,
  parseRate,
  STANDARD_ACCOUNT_RULES,
} from './account-rules.ts'

test('the standard is no fees, and has no name', () => {
  assert.deepEqual(accountRulesOf(STANDARD_ACCOUNT_RULES).fees, { makerRate: 0, takerRate: 0, perShareUnits: 0 })
  assert.equal(nameOfAccountRules(STANDARD_ACCOUNT_RULES), '')
})

test('fees give the market another name', () => {
  const settings = { ...STANDARD_ACCOUNT_RULES, feeMaker: '0.25', feeTaker: '3', feePerShare: '0.0035' }
  assert.deepEqual(accountRulesOf(settings).fees, { makerRate: 25, takerRate: 300, perShareUnits: 35 })
  assert.equal(nameOfAccountRules(settings), '-maker-0.25-taker-3-share-0.0035')
})

test('margins are those of Regulation T unless others are set, which give the market another name', () => {
  assert.deepEqual(accountRulesOf(STANDARD_ACCOUNT_RULES).margin, DEFAULT_RULES.margin)
  const settings = {
    ...STANDARD_ACCOUNT_RULES,
    marginInitial: '60',
    marginLong: '32.5',
    marginShort: '40',
    marginGraceMs: 500,
  }
  const margin = { initialBps: 6_000, longMaintenanceBps: 3_250, shortMaintenanceBps: 4_000, graceMs: 500 }
  assert.deepEqual(accountRulesOf(settings).margin, margin)
  assert.equal(nameOfAccountRules(settings), '-initial-60-long-32.5-short-40-grace-500')
  const strict = accountRulesOf({ ...settings, marginShort: '100' }).margin
  assert.equal(strict.initialBps, 10_000, 'what is opened may be kept')
  for (const text of ['0', '0.5', '101', '25%', '-5', '']) assert.equal(parseMargin(text), undefined, text)
})

test('what is no fee is refused', () => {
  for (const text of ['', '-1', '1.234', '1001', '1%', 'off', '.5']) assert.equal(parseRate(text), undefined, text)
  for (const text of ['', '-1', '0.00001', '10', 'off']) assert.equal(parsePerShare(text), undefined, text)
  assert.equal(parseRate('1000'), 100_000)
  assert.equal(parsePerShare('9.9999'), 99_999)
})

test('another number of open orders is a rule, and names another market', () => {
  const settings = { ...STANDARD_ACCOUNT_RULES, openOrdersMax: 500 }
  assert.equal(accountRulesOf(settings).openOrdersMax, 500)
  assert.equal(nameOfAccountRules(settings), '-open-500')
})
