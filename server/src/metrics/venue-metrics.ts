// The metrics of the venue, which runs in another thread: read from the counts that it answers a query with.

import { REJECTS } from '@papertape/protocol'
import type { VenueCounts } from '@papertape/venue'
import { byKey, type Metric, single } from './metric.ts'

const NO_REJECTS = Object.fromEntries(Object.keys(REJECTS).map(code => [code, 0]))

/** @param counts of the scrape. */
export function venueMetrics(counts: () => VenueCounts): readonly Metric[] {
  return [
    {
      name: 'papertape_commands_total',
      type: 'counter',
      help: "Commands that are durable: of the market's participants, of accounts and of the operator",
      labels: [],
      read: () => single(counts().commands),
    },
    {
      name: 'papertape_executions_total',
      type: 'counter',
      help: 'Reports on orders of accounts by what happened (FIX 150): new is an order accepted, fill one that is done',
      labels: ['exec_type'],
      read: () => byKey(counts().executions),
    },
    {
      name: 'papertape_rejects_total',
      type: 'counter',
      help: 'Orders, replaces and cancels of accounts that were refused, by code',
      labels: ['code'],
      read: () => byKey({ ...NO_REJECTS, ...counts().rejects }),
    },
    {
      name: 'papertape_duplicate_commands_total',
      type: 'counter',
      help: 'Commands that were sent again and got their first answer again',
      labels: [],
      read: () => single(counts().duplicates),
    },
    {
      name: 'papertape_private_events_total',
      type: 'counter',
      help: "Events of accounts' private streams",
      labels: [],
      read: () => single(counts().privateEvents),
    },
    {
      name: 'papertape_flush_duration_seconds',
      type: 'histogram',
      help: 'From the beginning of a flush until its batch was published, the journal included',
      labels: [],
      read: () => single(counts().flushSeconds),
    },
    {
      name: 'papertape_flush_commands',
      type: 'histogram',
      help: 'Commands that share a flush',
      labels: [],
      read: () => single(counts().flushCommands),
    },
    {
      name: 'papertape_journal_append_duration_seconds',
      type: 'histogram',
      help: "A flush's record in the journal, until it is durable",
      labels: [],
      read: () => single(counts().journalSeconds),
    },
    {
      name: 'papertape_journal_maintenance_duration_seconds',
      type: 'histogram',
      help: "After a flush was published: bringing rows to the journal's tables, deleting old ones, or making a checkpoint",
      labels: [],
      read: () => single(counts().maintenanceSeconds),
    },
    {
      name: 'papertape_checkpoints_total',
      type: 'counter',
      help: 'Checkpoints of the exchange that were made',
      labels: [],
      read: () => single(counts().checkpoints),
    },
    {
      name: 'papertape_market_behind_seconds',
      type: 'gauge',
      help: 'How far the market is behind its clock; up to a second in a quiet market',
      labels: [],
      read: () => single(counts().behindMs / 1_000),
    },
    {
      name: 'papertape_market_pace',
      type: 'gauge',
      help: "Speed of the market's clock: 1 is real time, 0 paused, +Inf as fast as it goes",
      labels: [],
      read: () => single(counts().pace),
    },
  ]
}
