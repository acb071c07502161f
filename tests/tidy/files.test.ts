// The form of a file: where components live, how it opens, which types it may have, how many files a folder holds.

import { dirname } from 'node:path/posix'
import { describe } from 'node:test'
import { placeOf, type Rule, type SyntaxNode, walkSyntax } from '../support/source-tree.ts'
import { atPath, type PlantedFiles, testRule } from '../support/tidy-rule.ts'

const FOLDER_FILES_MAX = 16

const components: Rule = tree =>
  [...tree.sources.keys()].filter(path => /\.[jt]sx$/.test(path) && !path.startsWith('web/'))

const openings: Rule = tree =>
  [...tree.sources.values()]
    .filter(({ text }) => {
      const opening = text.replace(/^(?:#!.*\n|(['"])use \w+\1;?\n|\s+)+/, '')
      return !/^(\/\/ ?\S.{10,}|\/\*[\s*]*\S)/.test(opening)
    })
    .map(({ path }) => path)

const folderSizes: Rule = tree => {
  const counts = new Map<string, number>()
  for (const path of tree.sources.keys()) {
    if (/\.test\.tsx?$|\.d\.m?ts$/.test(path)) continue
    counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1)
  }
  return [...counts].filter(([, count]) => count > FOLDER_FILES_MAX).map(([folder, count]) => `${folder}: ${count}`)
}

const erasable: Rule = tree =>
  [...tree.sources.values()].flatMap(({ path, text, program }) => {
    const found: string[] = []
    walkSyntax(program, node => {
      if (!isErased(node)) found.push(`${placeOf(path, text, node.start)}: ${node.type}`)
    })
    return found
  })

/** Node strips types; what has an effect when the program runs cannot be stripped. */
function isErased({ type, declare }: SyntaxNode): boolean {
  if (type === 'TSModuleDeclaration') return declare === true
  return !/^(TSEnumDeclaration|TSParameterProperty|Decorator|TSImportEqualsDeclaration|TSExportAssignment)$/.test(type)
}

function folderOf(count: number): PlantedFiles {
  const files = Array.from({ length: count }, (_, index) => [`web/x/file-${index}.ts`, ''])
  return { ...Object.fromEntries(files), 'web/x/more.test.ts': '' }
}

describe('files', () => {
  testRule('with components live in web alone', components, {
    bad: [{ 'client/src/x.tsx': '' }],
    good: [{ 'web/ui/X.tsx': '' }],
  })

  testRule('open by stating what they are', openings, {
    bad: atPath('client/src/x.ts', ['import x from "x"\n', '', '//\nconst x = 1']),
    good: atPath('client/src/x.ts', [
      '// What it is and what it is not.\nimport x from "x"',
      '#!/usr/bin/env node\n// What this command does.\n',
      "'use client'\n// What the component shows.\n",
    ]),
  })

  testRule(`are at most ${FOLDER_FILES_MAX} in a folder, tests not counted`, folderSizes, {
    bad: [folderOf(FOLDER_FILES_MAX + 1)],
    good: [folderOf(FOLDER_FILES_MAX)],
  })

  testRule('have types that can be erased: no enum, namespace, parameter property or decorator', erasable, {
    bad: atPath('client/src/x.ts', [
      'enum Side { buy }',
      'export const enum Side { buy }',
      'namespace A { }',
      'class A { constructor(private x: number) {} }',
      '@sealed\nclass A {}',
    ]),
    good: atPath('client/src/x.ts', [
      "const text = 'enum Side { buy }'",
      'class A { private x = 1\n constructor(x: number) {} }',
      'class A { constructor(x: readonly number[], y: readonly { readonly z: number }[]) {} }',
      '// enum Side { buy }',
    ]),
  })
})
