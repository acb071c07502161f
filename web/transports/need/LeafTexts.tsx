// A leaf of the tree in words: why the answers lead to it, what it costs, what it is usually for, and where to read the
// same as data.

import type { TransportChoice } from '@papertape/protocol'
import css from './leaf-texts.module.css'

interface LeafTextsProps {
  readonly choice: TransportChoice
  /** The address of this choice as data. */
  readonly dataUrl: string
}

export function LeafTexts({ choice: { reasons, costs, examples }, dataUrl }: LeafTextsProps) {
  return (
    <>
      <h4>Why</h4>
      <ol className={css.reasons} data-testid="reasons">
        {reasons.map(reason => (
          <li key={reason}>{reason}</li>
        ))}
      </ol>
      <h4>What it costs</h4>
      <ul className={css.costs} data-testid="costs">
        {costs.map(cost => (
          <li key={cost}>{cost}</li>
        ))}
      </ul>
      <h4>Usually for</h4>
      <p className={css.examples} data-testid="examples">
        {examples.join(', ')}
      </p>
      <p className={css.data}>
        The same as data:{' '}
        <a href={dataUrl} data-testid="tree-data">
          {dataUrl.replace(/^.*(?=\/v1\/)/, '').replaceAll('&', '\u200b&')}
        </a>
        , and <a href={dataUrl.replace(/\?.*$/, '')}>the whole tree</a>
      </p>
    </>
  )
}
