// The opposite of a side. For replays.

import type { Side } from '@papertape/protocol'

export function opposite(side: Side): Side {
  return side === 'buy' ? 'sell' : 'buy'
}
