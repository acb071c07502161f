// Names of the transports that a client can choose.

export const TRANSPORTS = ['rest', 'sse', 'websocket', 'longPoll'] as const
export type Transport = (typeof TRANSPORTS)[number]
