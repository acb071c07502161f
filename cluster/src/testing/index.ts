// For tests against a real server of NATS: the parts of the log, each by itself.

export { CommittedLog } from '../gateway/committed-log.ts'
export { encodeLogEntry } from '../log/entry-codec.ts'
export { FencedWriter } from '../log/fenced-writer.ts'
export { encodeCommit } from '../log/jetstream-log.ts'
export { encodeLead } from '../log/lead-record.ts'
export { LogReader } from '../log/log-reader.ts'
export { decodeMessage, encodeMessage } from '../log/wire.ts'
