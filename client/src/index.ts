// The one door of the client.

export { AccountView, type AccountViewOptions } from './account-view.ts'
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
export {
  type ChannelOptions,
  type ChannelPhase,
  type ChannelSession,
  type ChannelState,
  type CommandOptions,
  type OrderChannel,
  openOrderChannel,
  type Socket,
  type SocketConstructor,
} from './order-channel.ts'
export { ChannelError, type ChannelErrorCode, type CommandProgress, type UnknownOutcome } from './request-table.ts'
export { RequestError, Rest, type RestOptions, type TransportAdvice } from './rest.ts'
export type { FeedTransport, TransportChoice } from './session-state.ts'
