// More than one machine: the market's log on NATS JetStream, venues that follow it, gateways without a venue.

export { RemoteLimits } from './gateway/remote-limits.ts'
export { RemoteRooms } from './gateway/remote-rooms.ts'
export { RemoteSessions } from './gateway/remote-sessions.ts'
export { connectRemoteVenue } from './gateway/remote-venue.ts'
export { ClusterConnection, type LogSettings } from './nats/cluster-connection.ts'
export { authenticatorOf, type NatsSettings } from './nats/open-nats.ts'
export { type OpenedRooms, VenueNode, type VenueNodeOptions, type VenueNodeState } from './venue/venue-node.ts'
