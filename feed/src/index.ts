// The feed: the log of recent events, subscription classes, readers and resume planning. Knows no transport; runs in a server, a
// page or a test alike.

export { Conflation, mergeBooks } from './classes/conflation.ts'
export { createFilter, type Filter, filterKey, isConflated } from './classes/filter.ts'
export { controlFrame, eventFrame, type Frame, type FrameCodec } from './classes/frame.ts'
export { heartbeatFrame } from './classes/subscription-class.ts'
export { BUSY_RETRY_MS, Feed, type FeedOptions } from './feed.ts'
export { FeedLog } from './log/feed-log.ts'
export { describeReset, planResume, type ResumePlan } from './log/resume-plan.ts'
export { type EndReason, FeedReader, type FeedWire } from './readers/feed-reader.ts'
export { InstrumentView, MarketView } from './view/market-view.ts'
export { restoreView } from './view/restore-view.ts'
export { WorkQueue } from './work-queue.ts'
