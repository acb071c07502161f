// The gateway: what requests and messages are answered with. Knows no HTTP server, socket or thread; runs in a server,
// a page or a test.

export { accessOf, EXPOSED_HEADERS, isSafeMethod, PUBLIC_HEADERS, preflightHeaders } from './access/public-reads.ts'
export { AccountStreams } from './account-stream/account-streams.ts'
export { Accounts, type KnownAccount, requireTrading } from './accounts/accounts.ts'
export { type BrowserAccounts, formatBrowserAccounts, parseBrowserAccounts } from './accounts/browser-accounts.ts'
export type { Secrets } from './accounts/secrets.ts'
export { TokenHolders } from './accounts/token-holders.ts'
export type { ChannelConnection, SubscriptionOwner, SubscriptionWires } from './channel/channel-connection.ts'
export { ChannelEndpoint, type ChannelEndpointDeps } from './channel/channel-endpoint.ts'
export { CHANNEL_LIMITS } from './channel/channel-limits.ts'
export { EventChunk, type EventMessage, eventCodecs } from './channel/event-chunk.ts'
export { PacedWires, wholeMessages } from './channel/paced-wires.ts'
export { CodedError } from './errors/coded-error.ts'
export { problemHeaders, SOCKET_VERSION } from './errors/problem-headers.ts'
export { FEED_LISTS, type FeedParameters, parseByteRate, parseFeedRequest, positionIn } from './feed/feed-request.ts'
export { type PollParameters, preparePoll } from './feed/prepare-poll.ts'
export {
  busyRetryMs,
  cutEvenly,
  encodeBusy,
  encodeFrames,
  encodeStreamRetry,
  pieceCount,
  STREAM_HEADERS,
} from './feed/stream-response.ts'
export { type LabConnection, LabConnections, type LabControls } from './lab/lab-connections.ts'
export { commandRate } from './limits/command-rate.ts'
export { requireShallowJson } from './limits/json-depth.ts'
export { KeyedCount } from './limits/keyed-count.ts'
export { KeyedRateLimit } from './limits/keyed-rate-limit.ts'
export { RateLimit, ViolationWindow } from './limits/rate-limit.ts'
export { readRate } from './limits/read-rate.ts'
export type { SharedLimits } from './limits/shared-limits.ts'
export { KNOWN_SCENARIOS, parseScenarioNames } from './market/scenario-names.ts'
export { type Gateway, type GatewayOptions, openGateway } from './open-gateway.ts'
export { type CloseCause, closeAtRequest, closeSocket } from './orders/close-causes.ts'
export { cancelAllOrders, cancelOrder, placeOrder, replaceOrder } from './orders/order-commands.ts'
export { type PrivateReader, PrivateStreams } from './orders/private-streams.ts'
export { SESSIONS_MAX, type SessionHolder, SessionRegistry } from './orders/session-registry.ts'
export type { SharedSessions } from './orders/shared-sessions.ts'
export { LocalRooms } from './rooms/local-rooms.ts'
export type { ConnectionRooms, RoomRequest, RoomService, RoomSessionConnection } from './rooms/room-service.ts'
export { RoomSession } from './rooms/room-session.ts'
export {
  type LastMessage,
  MemoryRoomStore,
  type RoomStore,
  type StoredMessage,
  type StoredMute,
} from './rooms/room-store.ts'
export { FAN_OUT_SLICE, Rooms } from './rooms/rooms.ts'
export { SharedText } from './rooms/shared-text.ts'
export { checkParameters, checkRequest, type QueryValues } from './routes/check-request.ts'
export { healthRoute, PROBES, probeRoutes } from './routes/health.ts'
export { isNotModified } from './routes/not-modified.ts'
export { defineRoute, ok, type Route, type Sender } from './routes/route.ts'
export { ACCOUNT_ONLY, SAME_ORIGIN, TAGS } from './routes/route-parts.ts'
export { apiRoutes, type NewAccountLimits } from './routes/routes.ts'
export { connectSameThread } from './same-thread-venue.ts'
export {
  type ConnectVenue,
  VenueClient,
  type VenueConnection,
  type VenuePort,
  type VenueReceiver,
} from './venue-client.ts'
