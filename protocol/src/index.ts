// The entry of the package for run-time code: constants, types, units, codes, views, the SSE codec, the decision tree.
// Exports the schemas' types only; the schemas themselves are exported by schemas/index.ts.

export * from './checksum.ts'
export { type Clock, createClock, type TimeSource } from './clock.ts'
export * from './codes/close-codes.ts'
export * from './codes/errors.ts'
export * from './codes/rejects.ts'
export * from './commands.ts'
export * from './constants/feed.ts'
export * from './constants/instruments.ts'
export * from './constants/order-channel.ts'
export * from './constants/orders.ts'
export * from './decision-tree.ts'
export * from './feed.ts'
export * from './instruments.ts'
export * from './nearest-name.ts'
export * from './position.ts'
export * from './problem.ts'
export type {
  Bar,
  Book,
  Candle,
  ControlEvent,
  Day,
  FeedEvent,
  Heartbeat,
  Hello,
  Indication,
  InstrumentSnapshot,
  Lagging,
  LevelChange,
  News,
  Quote,
  Reset,
  RetryNotice,
  Snapshot,
  SnapshotBook,
  Status,
  Trade,
} from './schemas/feed.ts'
export type { Bands, Instrument } from './schemas/instruments.ts'
export type { ChannelLimits, Inbound, InboundType, Outbound } from './schemas/order-channel.ts'
export type {
  AccountSnapshot,
  BalanceState,
  BalanceUpdate,
  CancelReject,
  Execution,
  Order,
  PositionState,
  PositionUpdate,
  PrivateEvent,
  QueueUpdate,
  Reason,
} from './schemas/orders.ts'
export type {
  AccountAnswer,
  BookAnswer,
  CandlesAnswer,
  NewAccount,
  NewOrder,
  OrderChange,
  PollAnswer,
  QuotesAnswer,
  SessionAnswer,
  TradesAnswer,
} from './schemas/rest.ts'
export * from './sse.ts'
export * from './units.ts'
export * from './views/bar-builder.ts'
export * from './views/book-view.ts'
export * from './views/ticker.ts'
