// Validates messages by the schema of their `type`, which is compiled when the first message of it arrives. For files
// of users' orders and for the requests of a lockstep session.

import type Type from 'typebox'
import { Compile, type Validator } from 'typebox/compile'

/** Makes the error of a message from the reason why it is refused. */
export type Invalid = (reason: string) => Error

/** @throws what `invalid` makes, with the field that is wrong or the known types. */
export type CheckMessage = (message: Record<string, unknown>, invalid: Invalid) => void

export function messageValidator(schemas: Readonly<Record<string, Type.TSchema>>): CheckMessage {
  const validators = new Map<string, Validator>()
  return (message, invalid) => {
    const type = typeof message.type === 'string' ? message.type : ''
    let validator = validators.get(type)
    if (validator === undefined) {
      if (!Object.hasOwn(schemas, type)) throw invalid(`type must be one of ${Object.keys(schemas).join(', ')}`)
      validator = Compile(schemas[type]!)
      validators.set(type, validator)
    }
    if (validator.Check(message)) return
    const [first] = validator.Errors(message)
    // The schema of a field that is not allowed is `false`.
    const reason = first?.keyword === 'boolean' ? 'is not a field of it' : (first?.message ?? 'is malformed')
    throw invalid(`${type}: ${first?.instancePath.slice(1) || 'the message'} ${reason}`)
  }
}
