// A request as the log has it. A token that was put into its URL, where none belongs, is not written, and neither are
// signatures and listen keys, which clients of adapters have there, and parameters that are secrets by their names.

import type { FastifyRequest } from 'fastify'

const TOKEN = /\b(pt|op)(?:_|%5f)[\w%-]+/gi
const HEX_SECRET = /\b[0-9a-f]{64}\b/gi
const SECRET_PARAMETER = /([?&](?:access_?token|token|signature|listen_?key|api_?key|secret|password)=)[^&#]*/gi

export function logRequest({ method, url, host, ip }: FastifyRequest) {
  const shown = url.replace(SECRET_PARAMETER, '$1…').replace(TOKEN, '$1_…').replace(HEX_SECRET, '…')
  return { method, url: shown, host, remoteAddress: ip }
}
