// Rooms on the order channel: who is there, what is said and by whom, and what is refused.

import { OUTBOUND } from '@papertape/protocol/schemas'
import { expectEqual, expectSchema } from '../../judgement/expect.ts'
import { chapter, requirement } from '../../suite/requirement.ts'
import { askOffered } from '../../target/ask-offered.ts'
import type { Probe } from '../../target/probe.ts'

/** A member of a new account. @param given the room; a new one when absent. */
async function member(probe: Probe, user: string, given?: string) {
  const { socket, logon, token } = await probe.logOn()
  const room = given ?? `conform-${String(logon.accountId).toLowerCase().slice(0, 20)}`
  const join: object = { type: 'room.join', room, user }
  const answer = await askOffered(socket, join as { readonly type: string })
  const say = (text: string, more: object = {}) => socket.ask({ type: 'room.message', room, text, ...more })
  return { socket, token, room, answer, say }
}

async function twoMembers(probe: Probe) {
  const ann = await member(probe, 'ann')
  const bob = await member(probe, 'bob', ann.room)
  return { ann, bob, room: ann.room }
}

export const ROOMS = chapter('Rooms', [
  requirement('rooms', 'Who joins a room gets room.joined with who is there, then ack.', async probe => {
    const { bob } = await twoMembers(probe)
    const joined = await bob.socket.until('room.joined')
    expectSchema('room.joined', OUTBOUND['room.joined'], joined)
    expectEqual('the users', [joined.user, joined.users, joined.count], ['bob', ['ann', 'bob'], 2])
    const { items } = bob.socket.messages
    expectEqual('whether ack comes after it', items.indexOf(joined) < items.indexOf(bob.answer), true)
  }),

  requirement('rooms-presence', 'Members learn who joins and who leaves.', async probe => {
    const { ann, bob, room } = await twoMembers(probe)
    await ann.socket.until('room.presence', ({ joined }) => joined.includes('bob'))
    await bob.socket.ask({ type: 'room.leave', room })
    const presence = await ann.socket.until('room.presence', ({ left }) => left.length > 0)
    expectSchema('room.presence', OUTBOUND['room.presence'], presence)
    expectEqual('who left, and how many are there', [presence.left, presence.count], [['bob'], 1])
  }),

  requirement(
    'rooms-message',
    'A message gets an ack with its messageId and reaches all members, its sender too.',
    async probe => {
      const { ann, bob } = await twoMembers(probe)
      const { messageId } = await ann.say('  <b>hello</b> ')
      for (const { socket } of [ann, bob]) {
        const message = await socket.until('room.message')
        expectSchema('room.message', OUTBOUND['room.message'], message)
        const { user, text } = message
        expectEqual('the message', [message.messageId, user, text], [messageId, 'ann', '<b>hello</b>'])
      }
    },
  ),

  requirement('rooms-history', 'Who joins later gets the last messages, numbered without holes.', async probe => {
    const ann = await member(probe, 'ann')
    for (const text of ['one', 'two', 'three']) await ann.say(text)
    const bob = await member(probe, 'bob', ann.room)
    const { messages } = await bob.socket.until('room.joined')
    const seen = messages.map(({ messageId, text }: { messageId: number; text: string }) => `${messageId} ${text}`)
    expectEqual('the history', seen, ['1 one', '2 two', '3 three'])
  }),

  requirement(
    'rooms-once',
    'The same clientMessageId again is the same message: duplicate, and sent once.',
    async probe => {
      const { ann, bob } = await twoMembers(probe)
      const clientMessageId = 'm-1'
      const first = await ann.say('once', { clientMessageId })
      const again = await ann.say('once', { clientMessageId })
      expectEqual('the second answer', [again.messageId, again.duplicate], [first.messageId, true])
      await ann.say('last')
      await bob.socket.until('room.message', ({ text }) => text === 'last')
      const texts = bob.socket.messages.items.flatMap(({ type, text }) => (type === 'room.message' ? [text] : []))
      expectEqual('what the other member got', texts, ['once', 'last'])
    },
  ),

  requirement('rooms-names', 'A name that another account has in the room is refused with name-taken.', async probe => {
    const ann = await member(probe, 'ann')
    const other = await member(probe, 'ANN', ann.room)
    expectEqual('the answer', [other.answer.type, other.answer.code], ['error', 'name-taken'])
  }),

  requirement('rooms-text', 'Control characters and direction overrides are refused with bad-text.', async probe => {
    const ann = await member(probe, 'ann')
    for (const text of ['two\nlines', 'over\u202eride', ' ']) {
      const { type, code } = await ann.say(text)
      expectEqual(`the answer to ${JSON.stringify(text)}`, [type, code], ['error', 'bad-text'])
    }
  }),

  requirement(
    'rooms-rate',
    'Messages above the rate of a room are refused with room-rate and retryMs.',
    async probe => {
      const ann = await member(probe, 'ann')
      const answers = await Promise.all(Array.from({ length: 8 }, (_, number) => ann.say(`${number}`)))
      const refused = answers.find(({ type }) => type === 'error')
      expectEqual('the code of a refusal', refused?.code, 'room-rate')
      expectEqual('whether it says when to try again', refused.retryMs > 0 && refused.retryMs <= 1_000, true)
    },
  ),

  requirement('rooms-typing', 'Who types is shown, and three seconds later no longer.', async probe => {
    const { ann, bob, room } = await twoMembers(probe)
    await bob.socket.ask({ type: 'room.typing', room })
    const typing = await ann.socket.until('room.typing', ({ users }) => users.includes('bob'))
    expectSchema('room.typing', OUTBOUND['room.typing'], typing)
    const over = await ann.socket.until('room.typing', ({ users }) => users.length === 0)
    expectEqual('how many type then', over.count, 0)
  }),
])
