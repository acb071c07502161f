// Commands that a target may not have.

import { NotOffered } from '../judgement/expect.ts'
import type { Json } from './answer.ts'
import type { OrderSocket } from './order-socket.ts'

/** @throws {NotOffered} when the socket does not know this type of message. */
export async function askOffered(socket: OrderSocket, message: { readonly type: string }): Promise<Json> {
  const answer = await socket.ask(message)
  const isUnknown = answer.type === 'error' && /^type is one of|not offered/.test(answer.text)
  if (isUnknown || answer.code === 'not-implemented')
    throw new NotOffered(`${message.type}: ${answer.text.slice(0, 60)}…`)
  return answer
}
