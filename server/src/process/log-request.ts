// A request as the log has it. A token that was put into its URL, where none belongs, is not written, and neither are
// signatures and listen keys, which clients of adapters have there, and parameters that are secrets by their names.

import type { FastifyRequest } from 'fastify'

/** After anything: %22 ends with a digit, too. A token of which a little is missing is nearly one. */
const TOKEN = /(pt|op)(?:_|%(?:25)*5f)[\w%-]{20,}/gi
const HEX_SECRET = /[0-9a-f]{64,}/gi
/** The names may have more before: access_token, x-api-key. */
const SECRET_PARAMETER =
  /([?&][\w-]*(?:authorization|token|signature|listen[_-]?key|api[_-]?key|secret|password)=)[^&#]*/gi

export function logRequest({ method, url, host, ip }: FastifyRequest) {
  const shown = url.replace(SECRET_PARAMETER, '$1…').replace(TOKEN, '$1_…').replace(HEX_SECRET, '…')
  return { method, url: shown, host, remoteAddress: ip }
}
