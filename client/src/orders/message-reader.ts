// Reads what a socket receives into messages: JSON of a text message, or the events of a binary one. Knows the table of
// its connection, so each connection has its own. Called by order-channel.ts.

import type { BinaryDecoder } from '@papertape/protocol'
import { messageOf } from '../rest/problem.ts'
import type { OutboundMessage } from './channel-messages.ts'

export interface ReadMessage {
  readonly message: OutboundMessage
  /** As received, or as a text message would have it. */
  readonly text: () => string
  /** Of a binary message's events the even share of each; undefined: those of the text. */
  readonly bytes: number | undefined
}

let createDecoder: (() => BinaryDecoder) | undefined

/** Before a binary subscription is sent. @returns undefined when the decoder has been loaded before */
export function loadDecoder(): Promise<void> | undefined {
  if (createDecoder !== undefined) return undefined
  return import('./binary-decoder.ts').then(({ createBinaryDecoder }) => {
    createDecoder = createBinaryDecoder
  })
}

export class MessageReader {
  #decoder: BinaryDecoder | undefined

  /** @throws {Error} when it is neither */
  read(data: unknown): ReadMessage[] {
    if (!(data instanceof ArrayBuffer)) return [readText(String(data))]
    try {
      this.#decoder ??= createDecoder?.()
      if (this.#decoder === undefined) throw new Error('no subscription has asked for it')
      const events = this.#decoder.decode(data)
      const bytes = Math.round(data.byteLength / events.length)
      return events.map(message => ({ message, text: () => JSON.stringify(message), bytes }))
    } catch (error) {
      throw new Error(`A binary frame cannot be decoded: ${messageOf(error)}`)
    }
  }
}

function readText(text: string): ReadMessage {
  try {
    return { message: JSON.parse(text) as OutboundMessage, text: () => text, bytes: undefined }
  } catch (error) {
    throw new Error(`A frame is not JSON: ${messageOf(error)}`)
  }
}
