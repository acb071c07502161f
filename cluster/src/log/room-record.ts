// What the log has of rooms, between the entries of the market: each venue keeps it in a store of its own. Data only.

import type { StoredMessage, StoredMute } from '@papertape/gateway'

export type RoomRecord =
  | { readonly type: 'message'; readonly room: string; readonly message: StoredMessage }
  /** All messages of the room. */
  | { readonly type: 'forget'; readonly room: string }
  | { readonly type: 'mute'; readonly mute: StoredMute; readonly nowMs: number }

export function encodeRoomRecord(record: RoomRecord): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(record))
}

export function decodeRoomRecord(data: Uint8Array): RoomRecord {
  const record = JSON.parse(new TextDecoder().decode(data)) as RoomRecord
  // JSON has no undefined.
  return record.type === 'message'
    ? { ...record, message: { ...record.message, clientMessageId: record.message.clientMessageId } }
    : record
}
