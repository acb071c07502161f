// Faults of rooms.

import type { Fault } from './fault.ts'

export const ROOM_FAULTS: readonly Fault[] = [
  {
    name: 'rooms without the others, and without a history',
    breaks: ['rooms', 'rooms-history'],
    message(message) {
      if (message.type !== 'room.joined') return
      message.users = [message.user]
      message.messages = []
    },
  },
  {
    name: 'members that are counted when they have left',
    breaks: ['rooms-presence'],
    message(message) {
      if (message.type === 'room.presence') message.count += message.left.length
    },
  },
  {
    name: 'messages as markup',
    breaks: ['rooms-message'],
    message(message) {
      if (message.type === 'room.message') message.text = message.text.replaceAll('<', '&lt;')
    },
  },
  {
    name: 'rooms that know no clientMessageId and no names',
    breaks: ['rooms-once', 'rooms-names'],
    command(command) {
      delete command.clientMessageId
      delete command.user
    },
  },
  {
    name: 'control characters that are taken out',
    breaks: ['rooms-text'],
    command(command) {
      if (command.type === 'room.message') command.text = command.text.replace(/[\n\u202e]/g, '')
    },
  },
  {
    name: 'a room whose rate is that of the connection',
    breaks: ['rooms-rate'],
    message(message) {
      if (message.code === 'room-rate') message.code = 'rate-limited'
    },
  },
  {
    name: 'somebody who types for ever',
    breaks: ['rooms-typing'],
    message(message) {
      if (message.type === 'room.typing') message.count = 1
    },
  },
]
