// Bugs of the adapters: keys, signatures, limits, translation, streams.

import type { Mutant } from '../mutant.ts'

export const ADAPTERS: readonly Mutant[] = [
  {
    breaks: 'any key id goes with a secret key',
    file: 'adapters/src/alpaca/credentials.ts',
    text: 'keyId === undefined || keyId === account.tokenId',
    replacement: 'keyId !== undefined || keyId === account.tokenId',
  },
  {
    breaks: 'a request is taken whatever its signature is',
    file: 'adapters/src/binance/signing.ts',
    text: 'if (signature.toLowerCase() === signHmac(key, payload)) return',
    replacement: 'if (signature.length === signHmac(key, payload).length) return',
  },
  {
    breaks: 'an old signed request is taken again',
    file: 'adapters/src/binance/signing.ts',
    text: 'if (now - sentMs <= windowMs) return',
    replacement: 'if (now - sentMs <= RECEIVE_WINDOW_MS.most) return',
  },
  {
    breaks: 'a read-only token trades for a client of Binance',
    file: 'adapters/src/binance/binance.ts',
    text: "if (rate === 'commands') requireTrading(account)",
    replacement: "if (rate === 'reads') requireTrading(account)",
  },
  {
    breaks: 'another order under a used id is answered with the first one',
    file: 'adapters/src/orders/own-orders.ts',
    text: 'COMPARED.every(name => order[name] === first[name])',
    replacement: 'names.some(name => order[name] === first[name])',
  },
  {
    breaks: 'a list with other exits under a used id is answered with the first one',
    file: 'adapters/src/orders/order-list.ts',
    text: 'profitLeg?.price === takeProfit?.price',
    replacement: '(profitLeg?.price === takeProfit?.price || profitLeg !== undefined)',
  },
  {
    breaks: 'a leg that is held is shown as if it could trade',
    file: 'adapters/src/alpaca/messages/order.ts',
    text: "held && orderStatus === 'new' ? 'held'",
    replacement: "held && orderStatus !== 'new' ? 'held'",
  },
  {
    breaks: 'updates of a book do not continue each other',
    file: 'adapters/src/binance/messages/market-data.ts',
    text: 'U: prevSeq + 1',
    replacement: 'U: prevSeq',
  },
  {
    breaks: 'a connection is sent what it has not subscribed to',
    file: 'adapters/src/sockets/market-wire.ts',
    text: 'chunk.filter(isWanted)',
    replacement: 'chunk.filter(() => true)',
  },
  {
    breaks: 'a stream stays open when its token is revoked',
    file: 'adapters/src/sockets/account-places.ts',
    text: "accounts.hold(account, () => connection.close('tokenEnded'))",
    replacement: 'accounts.hold(account, () => {})',
  },
  {
    breaks: 'a listen key outlives its hour',
    file: 'adapters/src/binance/listen-keys.ts',
    text: 'setTimer(() => this.#end(key), VALID_MS)',
    replacement: 'setTimer(() => {}, VALID_MS)',
  },
  {
    breaks: 'a position after a sale has what was sold added to it',
    file: 'adapters/src/alpaca/streams/trade-updates.ts',
    text: "(side === 'buy' ? lastSize : -lastSize)",
    replacement: "(side === 'sell' ? lastSize : -lastSize)",
  },
  {
    breaks: 'pages of bars skip some',
    file: 'adapters/src/alpaca/routes/market-data.ts',
    text: 'const spanMs = limit * intervalMs',
    replacement: 'const spanMs = 2 * limit * intervalMs',
  },
  {
    breaks: 'a flood of messages to an adapter is never closed',
    file: 'adapters/src/sockets/venue-socket.ts',
    text: 'if (this.#overRate.add(this.#deps.clock.nowMs())) this',
    replacement: 'if (this.#overRate.add(Number.NaN)) this',
  },
]
