// Tests one rule of the tidy tests: it must find each planted violation, accept each planted counterpart, and find
// nothing in the repository.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { parseTree, REPOSITORY, type Rule } from './source-tree.ts'

/** The text of each file by its path. */
export type PlantedFiles = Readonly<Record<string, string>>

export interface Samples {
  readonly bad: readonly PlantedFiles[]
  readonly good: readonly PlantedFiles[]
}

export function testRule(title: string, rule: Rule, { bad, good }: Samples): void {
  it(title, () => {
    for (const files of bad) assert.notDeepEqual(rule(plant(files)), [], `missed: ${JSON.stringify(files)}`)
    for (const files of good) assert.deepEqual(rule(plant(files)), [], `wrongly found: ${JSON.stringify(files)}`)
    assert.deepEqual(rule(REPOSITORY), [])
  })
}

/** Trees of one file each, all at the same path. */
export function atPath(path: string, texts: readonly string[]): PlantedFiles[] {
  return texts.map(text => ({ [path]: text }))
}

function plant(files: PlantedFiles) {
  return parseTree(new Map(Object.entries(files)))
}
