// The operator bar's requests. Loaded with it.

import { Rest } from '@papertape/client'
import { BASE_PATH } from '../base-path.ts'
import type { MarketControl } from '../operator/market-control.ts'

const rest = new Rest({ baseUrl: BASE_PATH })

export const marketControl: MarketControl = {
  read: () => rest.get('/v1/market'),
  change: request => rest.send('PATCH', '/v1/market', request),
  scenarios: () => rest.get('/v1/scenarios'),
}
