// The decision tree with one path highlighted: questions and edges as a drawing, below it the leaves as buttons. The
// drawing exists twice, for wide and narrow screens; CSS shows one. The reasons stand beside it as text.

import type { Transport, TransportChoice } from '@papertape/protocol'
import { TRANSPORT_LABELS } from '../../connections/panels.ts'
import css from './tree.module.css'
import {
  answersInOrder,
  layoutTree,
  NARROW_TREE,
  type PlacedEdge,
  type PlacedNode,
  type TreeLayout,
  WIDE_TREE,
} from './tree-layout.ts'

const WIDE = layoutTree(WIDE_TREE)
const NARROW = layoutTree(NARROW_TREE)
/** From left to right. */
export const LEAVES = answersInOrder() as Transport[]

interface DecisionTreeProps {
  readonly choice: TransportChoice
  /** What the highlighted path belongs to: a panel, or the reader's answers. */
  readonly title: string
  readonly onSelect: (transport: Transport) => void
}

export function DecisionTree({ choice, title, onSelect }: DecisionTreeProps) {
  const result = TRANSPORT_LABELS[choice.transport].long
  const label = `Decision tree. ${title}: ${choice.reasons.join(' ')} Result: ${result}.`
  return (
    <figure className={css.tree} data-testid="decision-tree" data-transport={choice.transport}>
      <Drawing layout={WIDE} choice={choice} label={label} className={css.treeWide!} />
      <Drawing layout={NARROW} choice={choice} label={label} className={css.treeNarrow!} />
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset asks for input; these are buttons */}
      <div className={css.leaves} role="group" aria-label="Answer as for">
        {LEAVES.map(transport => (
          <button
            key={transport}
            type="button"
            className={css.leaf}
            aria-pressed={transport === choice.transport}
            data-testid={`leaf-${transport}`}
            onClick={() => onSelect(transport)}
          >
            {TRANSPORT_LABELS[transport].long}
          </button>
        ))}
      </div>
    </figure>
  )
}

interface DrawingProps {
  readonly layout: TreeLayout
  readonly choice: TransportChoice
  readonly label: string
  readonly className: string
}

function Drawing({ layout, choice: { path }, label, className }: DrawingProps) {
  const isLit = ({ from, to }: PlacedEdge) => path.includes(from) && path.indexOf(to) === path.indexOf(from) + 1
  // Highlighted edges last, so that they are drawn above the others.
  const edges = [...layout.edges].sort((a, b) => Number(isLit(a)) - Number(isLit(b)))
  const questions = layout.nodes.filter(({ node }) => node.kind === 'question')
  // The edges end where the buttons of the leaves begin.
  const height = Math.min(
    ...layout.nodes.flatMap(({ node, y, height }) => (node.kind === 'answer' ? y - height / 2 : [])),
  )
  return (
    <svg className={className} viewBox={`0 0 ${layout.width} ${height}`} role="img" aria-label={label}>
      {edges.map(edge => (
        <g key={`${edge.from}-${edge.answer}`} className={css.edge} data-lit={isLit(edge)}>
          <path d={edge.path} />
          <text className={css.answer} x={edge.labelX} y={edge.labelY}>
            {edge.answer}
          </text>
        </g>
      ))}
      {questions.map(one => (
        <QuestionBox key={one.id} placed={one} lit={path.includes(one.id)} />
      ))}
    </svg>
  )
}

function QuestionBox({ placed, lit }: { readonly placed: PlacedNode; readonly lit: boolean }) {
  const { node, x, y, width, height } = placed
  const rows = wrap(node.text, width)
  return (
    <g className={css.node} data-lit={lit}>
      <rect x={x - width / 2} y={y - height / 2} width={width} height={height} rx={4} />
      <text className={css.label} x={x} y={y - (rows.length - 1) * 7.5}>
        {rows.map((row, at) => (
          <tspan key={row} x={x} dy={at === 0 ? 0 : 15}>
            {row}
          </tspan>
        ))}
      </text>
    </g>
  )
}

/** Two rows if one would be wider than the box: SVG does not wrap text. */
function wrap(text: string, width: number): string[] {
  if (text.length * 7.5 < width - 12) return [text]
  const middle = text.length / 2
  const spaces = [...text.matchAll(/ /g)].map(({ index }) => index)
  const at = spaces.reduce((best, one) => (Math.abs(one - middle) < Math.abs(best - middle) ? one : best))
  return [text.slice(0, at), text.slice(at + 1)]
}
