// The text of an HTTP/1.1 message, taken apart for display: start line, headers, body. Pure.

export interface HttpHeader {
  readonly name: string
  readonly value: string
}

export interface HttpMessage {
  readonly startLine: string
  readonly headers: readonly HttpHeader[]
  readonly body: string
}

export function parseHttpMessage(text: string): HttpMessage {
  const end = text.indexOf('\r\n\r\n')
  const [startLine = '', ...lines] = text.slice(0, end < 0 ? undefined : end).split('\r\n')
  const headers = lines.map(line => {
    const colon = line.indexOf(':')
    return { name: line.slice(0, colon), value: line.slice(colon + 1).trim() }
  })
  return { startLine, headers, body: end < 0 ? '' : text.slice(end + 4) }
}

/** Names of headers have no case. */
export function isHeader(header: HttpHeader, name: string): boolean {
  return header.name.toLowerCase() === name.toLowerCase()
}

export function headerValue({ headers }: HttpMessage, name: string): string | undefined {
  return headers.find(header => isHeader(header, name))?.value
}

/** Of an answer. */
export function statusOf({ startLine }: HttpMessage): number {
  return Number(startLine.split(' ')[1])
}
