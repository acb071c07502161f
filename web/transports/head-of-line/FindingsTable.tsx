// What was found for each version of HTTP, side by side: in this page, and in the recorded run.

import { HTTP_VERSIONS, type HttpVersion, LOSS_LAB } from '@papertape/protocol'
import { NOTHING } from '../../format/format.ts'
import css from './head-of-line.module.css'
import type { LossExperimentView, LossTrial } from './loss-experiment.ts'
import { RECORDED_AT, recordedCounts, recordedTrial } from './recorded-run.ts'
import { VERSION_TEXTS } from './version-texts.ts'

const OTHERS = LOSS_LAB.streams - 1

export function FindingsTable({ trials }: Pick<LossExperimentView, 'trials'>) {
  const columns = ['Connections', 'The loss', 'In this page', `Recorded ${RECORDED_AT.toISOString().slice(0, 10)}`]
  return (
    <>
      <table className={css.findings} data-testid="loss-findings">
        <thead>
          <tr>
            <td />
            {columns.map(column => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {HTTP_VERSIONS.map(version => (
            <tr key={version} data-testid={`loss-finding-${version}`}>
              <th scope="row">{VERSION_TEXTS[version].name}</th>
              {cells(version, trials[version]).map((text, index) => (
                <td key={columns[index]} data-column={columns[index]}>
                  {text}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className={css.note}>
        A stream ran on when an event of it arrived at least 40 ms before an event of another stream that had been sent
        earlier: order is compared, not speed. TCP’s loss is modelled, since a program without rights cannot lose a
        segment: the laboratory holds the connection for 200 ms, the shortest retransmission timeout of Linux.
      </p>
    </>
  )
}

function cells(version: HttpVersion, trials: readonly LossTrial[]): string[] {
  const { loss } = trials.at(-1) ?? recordedTrial(version)
  return [
    String(loss.connections),
    VERSION_TEXTS[version].loss,
    countsText(trials.map(({ outcome }) => outcome.ranOn.length)),
    countsText(recordedCounts(version)),
  ]
}

/** `5 of 5 in each of 12 trials`, or each count when they differ. */
function countsText(counts: readonly number[]): string {
  const [first] = counts
  if (first === undefined) return NOTHING
  if (counts.length === 1) return `${first} of ${OTHERS}`
  if (counts.every(count => count === first)) return `${first} of ${OTHERS} in each of ${counts.length} trials`
  return `${counts.join(', ')} of ${OTHERS}`
}
