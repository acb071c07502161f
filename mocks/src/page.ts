// The page's side of a market in a Web Worker.

export { handlers } from './msw/handlers.ts'
export { connectMarket, type RemoteMarket } from './worker/remote-market.ts'
