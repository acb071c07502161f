// This server, as the exhibits ask it: its REST routes and the address of its socket.

import { Rest } from '@papertape/client'
import { BASE_PATH } from '../../base-path.ts'

export const service = new Rest({ baseUrl: BASE_PATH })

export function socketUrl(): string {
  return `${location.origin.replace(/^http/, 'ws')}${BASE_PATH}/v1/socket`
}
