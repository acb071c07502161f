// The entry of the package for run-time code: constants, types, units, codes, views, the SSE codec, the decision tree.
// Exports the schemas' types only; the schemas themselves are exported by schemas/index.ts.

export { BinaryDecoder } from './binary/decoder.ts'
export { BinaryEncoder, binaryHead } from './binary/encoder.ts'
export * from './checksum.ts'
export { type Clock, createClock, type TimeSource } from './clock.ts'
export * from './codes/close-codes.ts'
export * from './codes/errors.ts'
export * from './codes/rejects.ts'
export * from './commands.ts'
export * from './constants/alerts.ts'
export * from './constants/feed.ts'
export * from './constants/handshakes.ts'
export * from './constants/instruments.ts'
export * from './constants/lab.ts'
export * from './constants/ledger.ts'
export * from './constants/order-channel.ts'
export * from './constants/orders.ts'
export * from './constants/rooms.ts'
export * from './constants/scripts.ts'
export * from './constants/simulations.ts'
export * from './constants/transports.ts'
export * from './decision-tree.ts'
export * from './duration.ts'
export * from './feed.ts'
export * from './instruments.ts'
export * from './loss-lab.ts'
export * from './nearest-name.ts'
export * from './order-terms.ts'
export * from './position.ts'
export * from './problem.ts'
export type { ChannelLimits, RateLimitState } from './schemas/access/limits.ts'
export type { NewToken, TokenState } from './schemas/access/tokens.ts'
export type {
  AccountSnapshot,
  BalanceState,
  BalanceUpdate,
  PositionState,
  PositionUpdate,
  PrivateEvent,
  QueueUpdate,
} from './schemas/account.ts'
export type { AccountHeartbeat, AccountHello, AuthExpired } from './schemas/account-stream.ts'
export type { AlertAnswer, AlertState, AlertsAnswer, AlertUpdate, NewAlert } from './schemas/alerts/alerts.ts'
export type { Deposit, NewDeposit } from './schemas/cash/deposits.ts'
export type { LedgerAnswer, LedgerEntry } from './schemas/cash/ledger.ts'
export type { MarginCall } from './schemas/cash/margin-call.ts'
export type { LogAnswer, PollAnswer } from './schemas/feed/answers.ts'
export type {
  ControlEvent,
  Day,
  Heartbeat,
  Hello,
  InstrumentSnapshot,
  Lagging,
  Reset,
  RetryNotice,
  Snapshot,
  SnapshotBook,
} from './schemas/feed/control-events.ts'
export type {
  Bar,
  Book,
  Candle,
  FeedEvent,
  Indication,
  LevelChange,
  News,
  Quote,
  Status,
  Trade,
} from './schemas/feed/events.ts'
export type { Inbound, InboundType } from './schemas/inbound.ts'
export type { Bands, Instrument } from './schemas/instruments.ts'
export type { HandshakeAnswer, HandshakeRequest } from './schemas/lab/handshake.ts'
export type { OriginsAnswer } from './schemas/lab/origins.ts'
export type { RequestHeadEcho } from './schemas/lab/request-head.ts'
export type { CancelReject, Execution, NewOrder, Order, OrderChange } from './schemas/orders.ts'
export type { Outbound, OutboundType } from './schemas/outbound.ts'
export type { Problem, Reject } from './schemas/problem.ts'
export type {
  AccountAnswer,
  BookAnswer,
  CancelAllAfterAnswer,
  CanceledAnswer,
  CandlesAnswer,
  CandlesBySymbolAnswer,
  ExecutionsAnswer,
  FillsAnswer,
  HealthAnswer,
  MarketAnswer,
  NewAccount,
  NewsAnswer,
  OrdersAnswer,
  PositionsAnswer,
  QuotesAnswer,
  SessionAnswer,
  TradesAnswer,
} from './schemas/rest.ts'
export type { RoomMessagesAnswer, RoomsAnswer } from './schemas/rooms/room-answers.ts'
export type { RoomMessage } from './schemas/rooms/room-fields.ts'
export type { TestDirective } from './schemas/scripts/test-directive.ts'
export type { Latency, NewTestProfile, TestProfile } from './schemas/scripts/test-profile.ts'
export type {
  ScenariosAnswer,
  SimulationAnswer,
  SimulationPlot,
  SimulationPlotLayer,
  SimulationProgress,
  SimulationReport,
  SimulationRequest,
  SimulationResult,
  SimulationSummary,
  SimulationsAnswer,
} from './schemas/simulations.ts'
export type { DecisionNode, Need, TransportAnswer, TransportChoice } from './schemas/transports.ts'
export * from './sse.ts'
export * from './units.ts'
export * from './views/bar-builder.ts'
export * from './views/book-view.ts'
export * from './views/ticker.ts'
export * from './views/ticker-snapshot.ts'
