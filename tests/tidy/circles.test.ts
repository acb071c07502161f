// No circle of imports: neither between files nor between the folders of a package, type imports included.

import { describe } from 'node:test'
import { isTest, packageOf, type Rule, resolveImport, type SourceTree } from '../support/source-tree.ts'
import { testRule } from '../support/tidy-rule.ts'

type Graph = ReadonlyMap<string, ReadonlySet<string>>

const fileCircles: Rule = tree => circlesOf(graphOf(tree, path => path))

/** Each top-level folder of `src/` (of the package where it has no `src/`) is a node, and each file beside them. */
const folderCircles: Rule = tree => circlesOf(graphOf(tree, path => /^[^/]+\/(?:src\/)?[^/]+/.exec(path)?.[0] ?? path))

/** Tests are left out. */
function graphOf(tree: SourceTree, nodeOf: (path: string) => string): Graph {
  const graph = new Map<string, Set<string>>()
  for (const { path, imports } of tree.sources.values()) {
    if (isTest(path)) continue
    const node = nodeOf(path)
    const targets = graph.get(node) ?? new Set()
    graph.set(node, targets)
    for (const { specifier } of imports) {
      const target = resolveImport(tree, path, specifier)
      if (target === undefined || packageOf(target) !== packageOf(path)) continue
      if (nodeOf(target) !== node || target === path) targets.add(nodeOf(target))
    }
  }
  return graph
}

/** Each set of nodes that reach each other (Tarjan). */
function circlesOf(graph: Graph): string[] {
  const circles: string[] = []
  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const open: string[] = []
  const visit = (node: string) => {
    order.set(node, order.size)
    lowest.set(node, order.get(node)!)
    open.push(node)
    for (const target of graph.get(node) ?? []) {
      if (!order.has(target)) visit(target)
      if (open.includes(target)) lowest.set(node, Math.min(lowest.get(node)!, lowest.get(target)!))
    }
    if (lowest.get(node) !== order.get(node)) return
    const circle = open.splice(open.indexOf(node))
    if (circle.length > 1 || graph.get(node)?.has(node)) circles.push(circle.join(' → '))
  }
  for (const node of graph.keys()) if (!order.has(node)) visit(node)
  return circles
}

describe('imports form no circle', () => {
  testRule('between files', fileCircles, {
    bad: [
      { 'web/a.ts': "import './b.ts'", 'web/b.ts': "import './a.ts'" },
      {
        'web/a.ts': "import './b.ts'",
        'web/b.ts': "export * from './c.ts'",
        'web/c.ts': "type A = import('./a.ts').A",
      },
      { 'web/a.ts': "import type { B } from './b.ts'", 'web/b.ts': "import type { A } from './a.ts'" },
      { 'web/a.ts': "import './a.ts'" },
    ],
    good: [
      { 'web/a.ts': "import './b.ts'; import './c.ts'", 'web/b.ts': "import './c.ts'", 'web/c.ts': '' },
      { 'web/a.test.ts': "import './b.test.ts'", 'web/b.test.ts': "import './a.test.ts'" },
    ],
  })

  testRule('between the folders of a package', folderCircles, {
    bad: [
      {
        'feed/src/a/one.ts': "import '../b/one.ts'",
        'feed/src/b/one.ts': '',
        'feed/src/b/two.ts': "import type { A } from '../a/two.ts'",
        'feed/src/a/two.ts': '',
      },
      { 'web/a/one.ts': "import '../b.ts'", 'web/b.ts': "import './a/two.ts'", 'web/a/two.ts': '' },
    ],
    good: [
      {
        'feed/src/a/one.ts': "import '../b/one.ts'",
        'feed/src/b/one.ts': "import './c/d.ts'",
        'feed/src/b/c/d.ts': '',
      },
      { 'feed/src/a/one.ts': "import './two.ts'", 'feed/src/a/two.ts': '' },
    ],
  })
})
