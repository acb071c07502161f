// The decoder of binary messages, in a file that is loaded when the first binary subscription is sent: most pages have
// none. Loaded by message-reader.ts.

import { BinaryDecoder } from '@papertape/protocol'

export const createBinaryDecoder = () => new BinaryDecoder()
