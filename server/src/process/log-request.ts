// A request as the log has it. A token that was put into its URL, where none belongs, is not written.

import type { FastifyRequest } from 'fastify'

const TOKEN = /\b(pt|op)_[\w-]+/g

export function logRequest({ method, url, host, ip }: FastifyRequest) {
  return { method, url: url.replace(TOKEN, '$1_…'), host, remoteAddress: ip }
}
