// An exchange together with an order archive in memory, for the account commands of simulated runs and tests. The
// archive's time is that of the stamps, which must not jump.

import type { Command, CommandAnswer, Order, Stamp } from '@papertape/protocol'
import type { Exchange } from './exchange.ts'
import type { PrivateEnvelope } from './market-data/private-log.ts'
import { MemoryArchive } from './memory-archive.ts'
import { withKnown } from './model/order-archive.ts'

export interface Applied {
  readonly answer: CommandAnswer
  /** The exchange's private events since the last command. */
  readonly envelopes: readonly PrivateEnvelope[]
}

export class ArchivedExchange {
  /** Take its public events from it; the private ones are taken here. */
  readonly exchange: Exchange
  readonly archive: MemoryArchive
  constructor(exchange: Exchange, archive: MemoryArchive = new MemoryArchive()) {
    this.exchange = exchange
    this.archive = archive
  }

  apply(command: Command, stamp: Stamp): Applied {
    const before = this.learn()
    this.archive.advance(stamp.ts)
    const answer = this.exchange.apply(withKnown(command, this.archive), stamp)
    return { answer, envelopes: [...before, ...this.learn()] }
  }

  /** After commands that were applied to the exchange directly, such as desks'. @returns their private events. */
  learn(): PrivateEnvelope[] {
    const envelopes = this.exchange.takePrivateEvents()
    this.archive.add(envelopes)
    return envelopes
  }

  /** Open orders and those remembered, newest first. */
  orders(accountId: string): Order[] {
    const open = this.exchange.account(accountId)?.orders ?? []
    return [...open, ...this.archive.endedOrders(accountId)].sort((a, b) => Number(b.orderId) - Number(a.orderId))
  }

  /** A copy of the archive together with a restored exchange. */
  restored(exchange: Exchange): ArchivedExchange {
    const archive = new MemoryArchive(JSON.parse(JSON.stringify(this.archive.state())))
    return new ArchivedExchange(exchange, archive)
  }
}
