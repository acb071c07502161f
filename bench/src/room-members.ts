// The members of rooms.ts, in another process: each with an account and a socket of its own, in one room. Arguments:
// port, number of members, messages a second. Prints a line when all have joined; a line on stdin lets them talk, the
// next one ends it and prints what was said and received.

import { createInterface } from 'node:readline'
import { openBenchAccount, RawChannel } from './raw-channel.ts'

const [port, count, perSecond] = process.argv.slice(2).map(Number) as [number, number, number]
const MESSAGE = Buffer.from('{"type":"room.message"')
const JOINED = '"requestId":"join"'
/** So that the start of the members holds up nothing that is measured. */
const OPENED_AT_ONCE = 20

const members = { said: 0, received: 0 }

class RoomMember {
  readonly #channel: RawChannel

  private constructor(channel: RawChannel) {
    this.#channel = channel
  }

  static async join(): Promise<RoomMember> {
    const token = await openBenchAccount(port)
    const joined = Promise.withResolvers<void>()
    const channel = await RawChannel.open(port, payload => {
      if (payload.subarray(0, MESSAGE.length).equals(MESSAGE)) members.received++
      else if (payload.includes(JOINED)) joined.resolve()
    })
    channel.send({ type: 'logon', token })
    channel.send({ type: 'room.join', requestId: 'join', room: 'floor' })
    await joined.promise
    return new RoomMember(channel)
  }

  say(text: string): void {
    members.said++
    this.#channel.send({ type: 'room.message', room: 'floor', text })
  }
}

const joined: RoomMember[] = []
while (joined.length < count) {
  const size = Math.min(OPENED_AT_ONCE, count - joined.length)
  joined.push(...(await Promise.all(Array.from({ length: size }, () => RoomMember.join()))))
}
console.log('joined')

let talk: NodeJS.Timeout | undefined
for await (const _ of createInterface({ input: process.stdin })) {
  if (talk === undefined) {
    Object.assign(members, { said: 0, received: 0 })
    // Each member in its turn: none is over its rate.
    talk = setInterval(() => joined[members.said % count]!.say('Who sold that?'), 1_000 / perSecond)
  } else {
    clearInterval(talk)
    talk = undefined
    // The last message is on its way.
    setTimeout(() => console.log(JSON.stringify(members)), 1_000)
  }
}
