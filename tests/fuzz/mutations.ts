// Random changes to JSON that a schema's example begins with: fields lost, doubled, renamed, of other types, and values
// at the edges. Makes texts; sends nothing.

import type { TestRandom } from '../support/random.ts'

const EDGES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  0.5,
  1e-7,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  1e308,
  '',
  ' ',
  '0',
  'NaN',
  'constructor',
  '__proto__',
  '\u0000',
  '\ud800',
  '😀'.repeat(40),
  'a'.repeat(65),
  'x'.repeat(3_000),
  [],
  {},
  [[]],
  { type: 'order.place' },
]
/** What JSON.stringify does not write. */
const BROKEN: readonly ((text: string, random: TestRandom) => string)[] = [
  (text, random) => text.slice(0, random.below(text.length + 1)),
  (text, random) => {
    const at = random.below(text.length + 1)
    return text.slice(0, at) + String.fromCharCode(random.below(256)) + text.slice(at)
  },
  text => text.replace(/\d+/, '1e999'),
  text => text.replace('{', '{"__proto__":{"size":1},'),
  text => `${'['.repeat(2_000)}${text}${']'.repeat(2_000)}`,
  text => text.replace('{', `{"a":${'{"a":'.repeat(700)}1${'}'.repeat(700)},`),
  text => text + text,
  text => `\ufeff${text}`,
]

export function pick<T>(values: readonly T[], random: TestRandom): T {
  return values[random.below(values.length)]!
}

/** Mostly unchanged: many faults in a row end a connection, and good input shows what bad input has done. */
export function mutatedJson(example: object, random: TestRandom): string {
  if (random.below(3) > 0) return JSON.stringify(example)
  const value = structuredClone(example) as Record<string, unknown>
  for (let changes = random.below(4); changes > 0; changes--) changeField(value, random)
  const text = JSON.stringify(value)
  return random.below(8) === 0 ? pick(BROKEN, random)(text, random) : text
}

function changeField(value: Record<string, unknown>, random: TestRandom): void {
  const name = pick([...Object.keys(value), 'qty'], random)
  const held = value[name]
  const chance = random.below(5)
  if (chance === 0) delete value[name]
  else if (chance === 1) value[`${name}s`] = held
  else if (typeof held === 'number') value[name] = held + pick([-1, 1, 0.001, 1e9], random) * random.below(100)
  else if (chance === 2 && typeof held === 'object' && held !== null)
    changeField(held as Record<string, unknown>, random)
  else value[name] = structuredClone(pick(EDGES, random))
}
