// A run in a few lines of Markdown, as docs/scaling.md has them, and which silences were longer than is promised.

import { isNatsFault } from './faults.ts'
import type { ChaosReport } from './run-chaos.ts'

/** Of a venue or a gateway. That of a NATS server is raft's election, and measured only. */
const SILENCE_MAX_MS = 3_000

export function chaosSummary(report: ChaosReport): string {
  const { seconds, natsServers, commands, unknowns, terms, logged, readers, hops, faults, longestSilenceMs } = report
  const rows = Object.keys(faults)
    .toSorted()
    .map(name => `| ${name} | ${faults[name]} | ${(longestSilenceMs[name]! / 1_000).toFixed(1)} s |`)
  const visits = Object.entries(readers.visits).map(([name, count]) => `${name} ${count}`)
  return [
    `${seconds} s, NATS servers: ${natsServers}; every promise was kept.`,
    '',
    '| fault | times | longest silence |',
    '|---|---|---|',
    ...rows,
    '',
    `- ${commands} commands, ${unknowns} times an outcome was unknown for a moment; ${logged} commands in the log, ${terms} terms.`,
    `- ${readers.events} events read; ${readers.booksChecked} books checked; ${readers.looks} answers of REST compared.`,
    `- ${hops.gateway} times a reader went on at another gateway, ${hops.transport} times over another transport; ` +
      `visits: ${visits.join(', ')}; ${readers.cuts} connections cut.`,
  ].join('\n')
}

/** @returns a line for each */
export function silencesTooLong({ longestSilenceMs }: ChaosReport): string[] {
  return Object.entries(longestSilenceMs).flatMap(([name, ms]) =>
    isNatsFault(name) || ms <= SILENCE_MAX_MS ? [] : [`${name}: ${ms} ms of silence, more than ${SILENCE_MAX_MS}`],
  )
}
