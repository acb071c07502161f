// The public interface of the client. Other packages import nothing else of it.

export { openAccountStream } from './account-stream/account-stream.ts'
export type {
  AccountStream,
  AccountStreamMessage,
  AccountStreamSettings,
  AccountStreamState,
} from './account-stream/account-stream-interface.ts'
export type { FeedOptions, FeedPhase, FeedSession, FeedState, FeedSubscription } from './feed/feed-interface.ts'
export { openFeed } from './feed/feed-session.ts'
export type { FeedTransport, TransportSetting } from './feed/transport-selection.ts'
export type {
  ChannelOptions,
  ChannelPhase,
  ChannelSession,
  ChannelState,
  CommandOptions,
  OrderChannel,
  Socket,
  SocketConstructor,
} from './orders/channel-interface.ts'
export type {
  Ack,
  CancelAllFields,
  ChangeAnswer,
  CountAnswer,
  ErrorAnswer,
  OutboundMessage,
  PlaceAnswer,
  PlaceFields,
  ReplaceFields,
  SubscribeAnswer,
  SubscribeFields,
} from './orders/channel-messages.ts'
export { openOrderChannel } from './orders/order-channel.ts'
export {
  ChannelError,
  type ChannelErrorCode,
  type CommandProgress,
  type UnknownOutcome,
} from './orders/request-table.ts'
export type {
  JoinOptions,
  RoomAnswer,
  RoomEntry,
  RoomEvent,
  RoomHandler,
  SayOptions,
} from './orders/room-interface.ts'
export { backoffCeilingMs, CHANNEL_BACKOFF } from './platform/backoff.ts'
export type { Freshness, StatusReason } from './platform/connection-status.ts'
export type { Environment } from './platform/environment.ts'
export type { FrameTap, TappedFrame, TappedTransport } from './platform/frame-tap.ts'
export { RequestError, Rest, type RestOptions, type TransportAdvice } from './rest/rest.ts'
export {
  openSharedFeed,
  type SharedFeedOptions,
  type SharedFeedSession,
  type SharedFeedState,
} from './tabs/shared-feed.ts'
export {
  type OrderEntry,
  openSharedOrders,
  type SharedChannelState,
  type SharedOrders,
  type SharedOrdersOptions,
} from './tabs/shared-orders.ts'
export type { Sharing, TabRole } from './tabs/tab-group.ts'
export { type TabsPlatform, withLock } from './tabs/tabs-platform.ts'
export { AccountView, type AccountViewOptions } from './views/account-view.ts'
export { type BookState, MarketView, type MarketViewOptions } from './views/market-view.ts'
