// The feed: the log of recent events, subscription classes, readers, long polls and resume planning. Knows no
// transport; runs in a server, a page or a test.

export { controlFrame, eventFrame, type Frame, type FrameCodec, frameJson } from './classes/frame.ts'
export { BUSY_RETRY_MS, Feed, type FeedDeps } from './feed.ts'
export { FeedLog } from './log/feed-log.ts'
export { describeReset, planResume } from './log/resume-plan.ts'
export type { FeedCounts, ResumeOutcome, ResumingReader } from './measures/feed-measures.ts'
export { ConnectionPace } from './pacing/connection-pace.ts'
export { type LinkSpeed, STALLED } from './pacing/paced-link.ts'
export { type ChunkPiece, PacedWire } from './pacing/paced-wire.ts'
export { atDeclaredRate } from './pacing/rated-wire.ts'
export { Admission, type AdmissionRefusal, type RefusalCause } from './readers/admission.ts'
export type { EndReason, FeedReader, FeedWire } from './readers/feed-reader.ts'
export type { LongPoll } from './readers/long-polls.ts'
export type { BarQuery } from './view/bar-history.ts'
export { FeedInstrumentView, FeedView } from './view/feed-view.ts'
export { restoreView } from './view/restore-view.ts'
export { WorkQueue } from './work-queue.ts'
