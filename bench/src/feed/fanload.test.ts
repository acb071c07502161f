// The line that the load generator prints, as the benchmark reads it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readReport } from './fanload.ts'

const PRINTED = `{"label":"","mode":"sse","conns":3,"opened":2,"failed":1,"closed_by_server":2,"open_s":0.023,"secs":2.001,
"t0_us":1795986117012434,"msgs":858,"msgs_per_s":428.8,"bytes":190650,"bytes_per_msg":222.2,"other_msgs":6,"comments":0,
"pings":0,"per_conn_min":429,"per_conn_max":429,"lat_us":{"n":858,"mean":2709,"p50":2264,"p90":4432,"p99":5360,
"p999":7920,"max":7956,"negative":0},"seq":{"gaps":2,"missing":106,"dups":3,"back":1,"conns_with_gaps":2},"proto_err":4,
"sockmem_kb":{"start":0,"max":0},"self":{"cpu_pct":0.3,"reads":166,"msgs_per_read":5.17,"nivcsw":1},"err":""}`

test('times are in milliseconds, and losses of a kind are counted together', () => {
  assert.deepEqual(readReport(PRINTED.replaceAll('\n', '')), {
    opened: 2,
    failed: 1,
    seconds: 2.001,
    events: 858,
    bytes: 190_650,
    eventsLeast: 429,
    p50Ms: 2.264,
    p99Ms: 5.36,
    broken: 7,
    outOfSequence: 110,
    generatorPercent: 0.3,
  })
})

test('what is no report is an error', () => {
  assert.throws(() => readReport('open: connection refused'))
})
