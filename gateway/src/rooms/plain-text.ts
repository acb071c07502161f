// The text of a message as it is kept and sent: composed (Unicode NFC), without white space around it. Pure.

import { ROOM_TEXT_MAX } from '@papertape/protocol'
import { CodedError } from '../errors/coded-error.ts'

/** Control characters, line ends too, lone surrogates, and those that change the direction of what follows. */
const REFUSED = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u
/** Spaces and characters without a shape. */
const INVISIBLE = /^[\p{Z}\p{Cf}\p{M}]*$/u

/** @throws {CodedError} bad-text */
export function plainText(given: string): string {
  const text = given.normalize('NFC').trim()
  const { length } = [...text]
  if (INVISIBLE.test(text)) throw new CodedError('bad-text', 'the text has nothing to see; send some characters')
  if (length > ROOM_TEXT_MAX) {
    const limit = `a message has at most ${ROOM_TEXT_MAX} characters, not ${length}; send it in parts`
    throw new CodedError('bad-text', limit)
  }
  const [refused] = REFUSED.exec(text) ?? []
  if (refused === undefined) return text
  const code = refused.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
  throw new CodedError('bad-text', `U+${code} is a control character; send plain text in one line`)
}
