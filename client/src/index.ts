// The one door of the client.

export { AccountView, type AccountViewOptions } from './account-view.ts'
export type {
  ChannelOptions,
  ChannelPhase,
  ChannelSession,
  ChannelState,
  CommandOptions,
  OrderChannel,
  Socket,
  SocketConstructor,
} from './channel-interface.ts'
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
} from './channel-words.ts'
export type { Environment, Freshness, Reason } from './environment.ts'
export {
  type FeedOptions,
  type FeedPhase,
  type FeedSession,
  type FeedState,
  type FeedSubscription,
  openFeed,
} from './feed-session.ts'
export { type BookState, MarketView, type MarketViewOptions } from './market-view.ts'
export { openOrderChannel } from './order-channel.ts'
export { ChannelError, type ChannelErrorCode, type CommandProgress, type UnknownOutcome } from './request-table.ts'
export { RequestError, Rest, type RestOptions, type TransportAdvice } from './rest.ts'
export type { FeedTransport, TransportChoice } from './session-state.ts'
export { BROWSER, type TabsPlatform, withLock } from './tabs/platform.ts'
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
