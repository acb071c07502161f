// The whole market in a page or a test: the same venue, exchange, agents, feed and answers as the server's.

export { createMarket } from './create-market.ts'
export type { MockMarket } from './market.ts'
export { type HandledMarket, handlers } from './msw/handlers.ts'
export type { RemoteMarket } from './worker/remote-market.ts'
