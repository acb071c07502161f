// Parses the text format of Prometheus 0.0.4 strictly, as a reader of /metrics would: what does not follow the format
// is an error. Written from its description, without the code that writes it.

import assert from 'node:assert/strict'

export interface ParsedFamily {
  readonly type: string
  readonly help: string
  /** By the whole name with its labels, as written. */
  readonly samples: Map<string, number>
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*/
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/
const SUFFIXES: Readonly<Record<string, readonly string[]>> = { histogram: ['_bucket', '_sum', '_count'] }

/** @throws {AssertionError} at the first row that is not as it must be. */
export function parseMetrics(text: string): Map<string, ParsedFamily> {
  assert.ok(text.endsWith('\n'), 'the last row ends')
  const families = new Map<string, ParsedFamily>()
  let help: string | undefined
  let current: string | undefined
  for (const row of text.slice(0, -1).split('\n')) {
    const [, kind, name, rest] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(row) ?? []
    if (kind === 'HELP') {
      assert.equal(help, undefined, row)
      help = rest
      current = name
    } else if (kind === 'TYPE') {
      assert.equal(name, current, row)
      assert.match(rest!, /^(counter|gauge|histogram)$/)
      assert.ok(!families.has(name!), `${name} is there once`)
      families.set(name!, { type: rest!, help: help!, samples: new Map() })
      help = undefined
    } else addSample(row, current!, families.get(current!))
  }
  for (const [name, family] of families) if (family.type === 'histogram') checkHistogram(name, family)
  return families
}

function addSample(row: string, name: string, family: ParsedFamily | undefined): void {
  const [, series, labels = '', value] = /^([^\s{]+)(?:\{(.*)\})? (\S+)$/.exec(row) ?? []
  assert.ok(family !== undefined && series !== undefined && NAME.exec(series)?.[0] === series, row)
  const suffixes = SUFFIXES[family.type] ?? ['']
  assert.ok(
    suffixes.some(suffix => series === `${name}${suffix}`),
    `${series} is of ${name}`,
  )
  assert.match(value!, /^([+-]?Inf|NaN|[+-]?\d+(\.\d+)?(e[+-]?\d+)?)$/)
  const names = labelsOf(labels).map(([label]) => label)
  assert.equal(new Set(names).size, names.length, `${row} has each label once`)
  const key = `${series}{${labels}}`
  assert.ok(!family.samples.has(key), `${key} is there once`)
  family.samples.set(key, Number(value!.replace('Inf', 'Infinity')))
}

function labelsOf(text: string): [string, string][] {
  const labels: [string, string][] = []
  for (let rest = text; rest !== ''; ) {
    const found = LABEL.exec(rest)
    assert.ok(found !== null, `labels ${text}`)
    labels.push([found[1]!, found[2]!])
    rest = rest.slice(found[0].length)
  }
  return labels
}

/** Of each series: buckets ascend, in bound and count, and the last one is the count. */
function checkHistogram(name: string, { samples }: ParsedFamily): void {
  const buckets = new Map<string, [bound: number, count: number][]>()
  for (const [key, count] of samples) {
    const [, labels] = /^[^{]*_bucket\{(.*)\}$/.exec(key) ?? []
    if (labels === undefined) continue
    const pairs = labelsOf(labels)
    const bound = pairs.find(([label]) => label === 'le')![1]
    const others = pairs.filter(([label]) => label !== 'le').map(([label, value]) => `${label}="${value}"`)
    const series = others.join(',')
    buckets.set(series, [...(buckets.get(series) ?? []), [Number(bound.replace('Inf', 'Infinity')), count]])
  }
  assert.ok(buckets.size > 0, `${name} has buckets`)
  for (const [series, ascending] of buckets) {
    for (let at = 1; at < ascending.length; at++) {
      const [[bound, count], [nextBound, nextCount]] = [ascending[at - 1]!, ascending[at]!]
      assert.ok(nextBound > bound && nextCount >= count, `${name}{${series}} at ${nextBound}`)
    }
    const [last, total] = ascending.at(-1)!
    assert.deepEqual([last, total], [Number.POSITIVE_INFINITY, samples.get(`${name}_count{${series}}`)])
    assert.ok(samples.has(`${name}_sum{${series}}`))
  }
}
