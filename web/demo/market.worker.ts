// The demo's market, in a Web Worker.

import { runMarket } from '@papertape/mocks/worker'
import { DEMO_MARKET } from './demo-market.ts'

void runMarket(self, DEMO_MARKET)
