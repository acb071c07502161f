// The decision tree as a drawing, with one path highlighted. Drawn twice, for wide and narrow screens; CSS shows one.
// The reasons stand beside it as text.

import type { TransportChoice } from '@papertape/protocol'
import { TRANSPORT_LABELS } from '../../connections/panels.ts'
import css from './need.module.css'
import { layoutTree, type PlacedNode, type TreeLayout } from './tree-layout.ts'

const WIDE = layoutTree({ width: 800, rowHeight: 134, questionWidth: 192, answerWidth: 172, nodeHeight: 44 })
const NARROW = layoutTree({ width: 328, rowHeight: 92, questionWidth: 78, answerWidth: 78, nodeHeight: 46 })

interface DecisionTreeProps {
  readonly choice: TransportChoice
  /** The panel that the highlighted path belongs to. */
  readonly title: string
}

export function DecisionTree({ choice, title }: DecisionTreeProps) {
  const result = TRANSPORT_LABELS[choice.transport].long
  const label = `Decision tree. ${title}: ${choice.reasons.join(' ')} Result: ${result}.`
  return (
    <figure className={css.tree} data-testid="decision-tree" data-transport={choice.transport}>
      <Drawing layout={WIDE} choice={choice} label={label} className={css.treeWide!} />
      <Drawing layout={NARROW} choice={choice} label={label} className={css.treeNarrow!} />
    </figure>
  )
}

interface DrawingProps {
  readonly layout: TreeLayout
  readonly choice: TransportChoice
  readonly label: string
  readonly className: string
}

function Drawing({ layout, choice, label, className }: DrawingProps) {
  const lit = (id: string) => choice.path.includes(id)
  const litEdge = (from: string, to: string) => choice.path.indexOf(to) === choice.path.indexOf(from) + 1 && lit(from)
  // Highlighted edges last, so that they are drawn above the others.
  const edges = [...layout.edges].sort((a, b) => Number(litEdge(a.from, a.to)) - Number(litEdge(b.from, b.to)))
  return (
    <svg className={className} viewBox={`0 0 ${layout.width} ${layout.height}`} role="img" aria-label={label}>
      {edges.map(({ from, to, answer, path, labelX, labelY }) => (
        <g key={`${from}-${answer}`} className={css.edge} data-lit={litEdge(from, to)}>
          <path d={path} />
          <text className={css.answer} x={labelX} y={labelY}>
            {answer}
          </text>
        </g>
      ))}
      {layout.nodes.map(one => (
        <NodeBox key={one.id} placed={one} lit={lit(one.id)} />
      ))}
    </svg>
  )
}

function NodeBox({ placed, lit }: { readonly placed: PlacedNode; readonly lit: boolean }) {
  const { node, x, y, width, height } = placed
  const rows = wrap(node.text, width)
  return (
    <g className={css.node} data-kind={node.kind} data-lit={lit}>
      <rect x={x - width / 2} y={y - height / 2} width={width} height={height} rx={node.kind === 'question' ? 4 : 20} />
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
  if (text.length * 7 < width - 12 || !/[ -]/.test(text)) return [text]
  const middle = text.length / 2
  const breaks = [...text.matchAll(/[ -]/g)].map(({ index }) => index + 1)
  const at = breaks.reduce((best, one) => (Math.abs(one - middle) < Math.abs(best - middle) ? one : best))
  return [text.slice(0, at).trim(), text.slice(at)]
}
