// The layout of the decision tree: nodes and edges in SVG units. Pure. Takes the tree as data, names no transport.

import { DECISION_ROOT, DECISION_TREE, type DecisionNode } from '@papertape/protocol'

export interface PlacedNode {
  readonly id: string
  readonly node: DecisionNode
  /** The middle. */
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface PlacedEdge {
  readonly from: string
  readonly to: string
  readonly answer: 'yes' | 'no'
  readonly path: string
  readonly labelX: number
  readonly labelY: number
}

export interface TreeLayout {
  readonly width: number
  readonly height: number
  readonly nodes: readonly PlacedNode[]
  readonly edges: readonly PlacedEdge[]
}

export interface TreeSize {
  readonly width: number
  readonly rowHeight: number
  readonly questionWidth: number
  readonly answerWidth: number
  readonly nodeHeight: number
}

export const WIDE_TREE: TreeSize = {
  width: 600,
  rowHeight: 88,
  questionWidth: 142,
  answerWidth: 132,
  nodeHeight: 44,
}
export const NARROW_TREE: TreeSize = {
  width: 328,
  rowHeight: 84,
  questionWidth: 78,
  answerWidth: 76,
  nodeHeight: 46,
}

/** `no` is on the left and `yes` on the right; mirrored in the right half, where answers are shared. */
export function answersInOrder(): string[] {
  const order: string[] = []
  const visit = (id: string, mirrored: boolean): void => {
    const node = DECISION_TREE[id]!
    if (node.kind === 'answer') {
      if (!order.includes(id)) order.push(id)
      return
    }
    const [left, right] = mirrored ? [node.yes, node.no] : [node.no, node.yes]
    visit(left, left === node.no && !mirrored && id !== DECISION_ROOT)
    visit(right, false)
  }
  visit(DECISION_ROOT, false)
  return order
}

function depthOf(id: string): number {
  const node = DECISION_TREE[id]!
  return node.kind === 'answer' ? 0 : 1 + Math.max(depthOf(node.yes), depthOf(node.no))
}

export function layoutTree(size: TreeSize): TreeLayout {
  const answers = answersInOrder()
  const rows = depthOf(DECISION_ROOT) + 1
  const column = size.width / answers.length
  const placed = new Map<string, PlacedNode>()
  const edges: PlacedEdge[] = []
  const yOf = (row: number) => size.nodeHeight / 2 + 1 + row * size.rowHeight

  const place = (id: string, row: number): PlacedNode => {
    const known = placed.get(id)
    if (known !== undefined) return known
    const node = DECISION_TREE[id]!
    const { nodeHeight: height } = size
    const isAnswer = node.kind === 'answer'
    // All answers are in the last row.
    const at = isAnswer ? rows - 1 : row
    const x = isAnswer
      ? column * (answers.indexOf(id) + 0.5)
      : (place(node.no, row + 1).x + place(node.yes, row + 1).x) / 2
    const width = isAnswer ? size.answerWidth : size.questionWidth
    const half = width / 2
    const clamped = Math.min(size.width - half - 1, Math.max(half + 1, x))
    const one = { id, node, x: clamped, y: yOf(at), width, height }
    placed.set(id, one)
    return one
  }

  place(DECISION_ROOT, 0)
  for (const from of placed.values()) {
    if (from.node.kind === 'answer') continue
    for (const answer of ['no', 'yes'] as const) edges.push(join(from, placed.get(from.node[answer])!, answer))
  }
  return { width: size.width, height: yOf(rows - 1) + size.nodeHeight / 2 + 1, nodes: [...placed.values()], edges }
}

/** Down, across, down. */
function join(from: PlacedNode, to: PlacedNode, answer: 'yes' | 'no'): PlacedEdge {
  const side = to.x < from.x ? -1 : 1
  const startX = from.x + side * Math.min(from.width / 4, Math.abs(to.x - from.x))
  const startY = from.y + from.height / 2
  const endX = to.x - side * Math.min(to.width / 5, Math.abs(to.x - startX) / 2)
  const endY = to.y - to.height / 2
  const bendY = startY + (Math.min(endY, startY + 52) - startY) / 2
  const path = `M${startX} ${startY}V${bendY}H${endX}V${endY}`
  // Above the horizontal part if it is long enough, otherwise beside the vertical one.
  const short = Math.abs(endX - startX) < 48
  const labelX = short ? startX + side * 13 : (startX + endX) / 2
  return { from: from.id, to: to.id, answer, path, labelX, labelY: short ? startY + 14 : bendY - 5 }
}
