// Faults of binary subscriptions: commands that are misread, and bytes that are changed or missing.

import type { Fault, Loose } from './fault.ts'

const misread = (change: (command: Loose) => void): NonNullable<Fault['command']> => {
  return command => {
    if (command.type === 'subscribe') change(command)
    return undefined
  }
}

export const BINARY_FAULTS: readonly Fault[] = [
  {
    name: 'binary subscriptions in text',
    breaks: ['binary-messages'],
    command: misread(command => delete command.encoding),
  },
  {
    name: 'a table with another tick size than the events',
    breaks: ['binary-same', 'binary-conflated'],
    binary: bytes => [
      Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll('"tickUnits":1', '"tickUnits":2'), 'latin1'),
    ],
  },
  {
    name: 'binary messages that are lost, now and then',
    breaks: ['binary-same'],
    binary: (bytes, socket) => (++socket.seen % 2 === 0 ? [] : [bytes]),
  },
  {
    name: 'binary messages of another version',
    breaks: ['binary-messages', 'binary-same', 'binary-reset'],
    binary: bytes => [Uint8Array.from([2, ...bytes.subarray(1)])],
  },
  {
    name: 'binary subscriptions without a position',
    breaks: ['binary-resume', 'binary-reset'],
    command: misread(command => {
      if (command.encoding === 'binary') delete command.last
    }),
  },
  {
    name: 'an encoding that stays',
    breaks: ['binary-change'],
    command: misread(command => {
      if (command.encoding === 'json') command.encoding = 'binary'
    }),
  },
  {
    name: 'any encoding taken as binary',
    breaks: ['binary-unknown'],
    command: misread(command => {
      if ('encoding' in command) command.encoding = 'binary'
    }),
  },
]
