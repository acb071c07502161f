// All mutants, those of the fastest tests first. When the source changes, mutants.test.ts reports those to adapt.

import type { Mutant } from '../mutant.ts'
import { CLIENT } from './client.ts'
import { ENGINE } from './engine.ts'
import { FEED } from './feed.ts'
import { GATEWAY } from './gateway.ts'
import { PROTOCOL } from './protocol.ts'
import { SERVER } from './server.ts'
import { VENUE } from './venue.ts'
import { WEB } from './web.ts'

export const MUTANTS: readonly Mutant[] = [
  ...PROTOCOL,
  ...FEED,
  ...GATEWAY,
  ...VENUE,
  ...CLIENT,
  ...WEB,
  ...SERVER,
  ...ENGINE,
]
