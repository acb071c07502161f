// A request as the log has it. A token that was put into its URL, where none belongs, is not written, and neither are
// signatures and listen keys, which clients of adapters have there.

import type { FastifyRequest } from 'fastify'

const TOKEN = /\b(pt|op)_[\w-]+/g
const HEX_SECRET = /\b[0-9a-f]{64}\b/gi

export function logRequest({ method, url, host, ip }: FastifyRequest) {
  return { method, url: url.replace(TOKEN, '$1_…').replace(HEX_SECRET, '…'), host, remoteAddress: ip }
}
