// The arrangement of the trading screen: what is stored is read back, invalid parts are dropped, and
// first-paint-script.ts applies the same before the first paint.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runInNewContext } from 'node:vm'
import { applyStoredLook } from '../dashboard/first-paint-script.ts'
import { createPreferences } from '../dashboard/preferences.ts'
import {
  ARRANGEMENT,
  type Arrangement,
  applyArrangement,
  isDefault,
  SIZES,
  selectLayout,
  withDefaultSize,
  withDefaultSizes,
  withSize,
} from './layouts.ts'

const SCRIPT = `(${applyStoredLook})()`
const DEFAULT = ARRANGEMENT.read(undefined)

function createRoot() {
  const variables = new Map<string, string>()
  const style = {
    setProperty: (name: string, value: string | null) => void variables.set(name, value ?? ''),
    removeProperty: (name: string) => {
      variables.delete(name)
      return ''
    },
  }
  const dataset: Record<string, string> = {}
  return { dataset, style, shown: () => [dataset.layout, dataset.dock, ...[...variables].sort().flat()] }
}

function appliedByScript(stored: string | null) {
  const root = createRoot()
  runInNewContext(SCRIPT, {
    localStorage: { getItem: (key: string) => (key === 'papertape.layout' ? stored : null) },
    matchMedia: () => ({ matches: false }),
    document: { documentElement: root },
  })
  return root.shown()
}

function appliedByPage(arrangement: Arrangement) {
  const root = createRoot()
  applyArrangement(root, arrangement)
  return root.shown()
}

test('each layout has its own sizes, within limits, and they are read back as they were stored', () => {
  const entries = new Map<string, string>()
  const storage = {
    getItem: (key: string) => entries.get(key) ?? null,
    setItem: (key: string, value: string) => void entries.set(key, value),
  }
  const preferences = createPreferences(storage)
  const stored = preferences.of(ARRANGEMENT)
  stored.set(withSize(withSize(stored.get(), 'left', 333.4), 'lower', 9_999))
  selectLayout(preferences, 'watch')
  stored.set(withSize(stored.get(), 'left', 500))
  const read = createPreferences(storage).of(ARRANGEMENT).get()
  assert.equal(read.layout, 'watch')
  assert.deepEqual(read.sizes.trade, { left: 333, lower: SIZES.lower.maxPx })
  assert.deepEqual(read.sizes.watch, { left: 500 })
  const reset = withDefaultSizes(read)
  assert.deepEqual([isDefault(read), isDefault(reset)], [false, true])
  assert.deepEqual(reset.sizes.trade, read.sizes.trade, 'the sizes of the other layouts stay')
})

test('the account collapses when it is made too small, and opens when it is made larger', () => {
  const sized = withSize(DEFAULT, 'dock', 200)
  const collapsed = withSize(sized, 'dock', SIZES.dock.minPx / 2 - 1)
  assert.equal(collapsed.dock, 'collapsed')
  assert.deepEqual(collapsed.sizes, sized.sizes, 'its height is kept for when it opens')
  assert.deepEqual([withSize(collapsed, 'left', 300).dock, withSize(collapsed, 'dock', 60).dock], ['collapsed', 'open'])
  assert.equal(withDefaultSize(sized, 'dock').sizes.trade?.dock, undefined)
})

test('invalid parts of what is stored are dropped', () => {
  for (const stored of [undefined, null, 7, 'watch', [], { layout: 'chess', sizes: 3, dock: 1 }])
    assert.deepEqual(ARRANGEMENT.read(stored), DEFAULT, JSON.stringify(stored))
  const { layout, sizes } = ARRANGEMENT.read({
    layout: 'learn',
    sizes: { learn: { left: 300, right: 'wide', side: null, other: 4 }, watch: { left: -1 }, chess: { left: 300 } },
  })
  assert.equal(layout, 'learn')
  assert.deepEqual(sizes, { trade: {}, watch: { left: SIZES.left.minPx }, learn: { left: 300 } })
})

test('the script before the first paint and the page apply the same', () => {
  const arrangements = [
    DEFAULT,
    withSize(DEFAULT, 'left', 300),
    withSize(withSize({ ...DEFAULT, layout: 'watch' }, 'left', 480), 'right', 320),
    { ...DEFAULT, layout: 'learn', dock: 'collapsed' },
  ] as const satisfies readonly Arrangement[]
  for (const arrangement of arrangements)
    assert.deepEqual(appliedByScript(JSON.stringify(arrangement)), appliedByPage(arrangement))
  for (const text of [null, 'null', '{', '[]', '{"layout":7,"sizes":3}'])
    assert.deepEqual(appliedByScript(text), appliedByPage(DEFAULT), String(text))
})

test('a size that is set back leaves the root', () => {
  const root = createRoot()
  applyArrangement(root, withSize(DEFAULT, 'left', 300))
  assert.deepEqual(root.shown(), ['trade', 'open', '--size-left', '300px'])
  applyArrangement(root, DEFAULT)
  assert.deepEqual(root.shown(), ['trade', 'open'])
})
