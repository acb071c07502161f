// Constants of the order channel, the WebSocket at /v1/socket.

export const SUBPROTOCOL = 'papertape.v1'
/** Bytes; a larger frame closes the connection with 1009. */
export const FRAME_BYTES_MAX = 8 * 1024
/** Objects and arrays in each other, of a frame and of a body; deeper JSON is not parsed. */
export const JSON_DEPTH_MAX = 32

export type RequestId = string | number
