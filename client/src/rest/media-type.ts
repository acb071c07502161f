// The essence of a Content-Type header, as RFC 9110 section 8.3.1 and the MIME Sniffing standard read it: type and
// subtype in lower case, without parameters. Both feed transports' answers and refusals are told apart by it.

const ESSENCE = /^[\t ]*([!#$%&'*+.^_`|~0-9a-z-]+\/[!#$%&'*+.^_`|~0-9a-z-]+)[\t ]*(?:;.*)?$/i

/** Undefined for no header, and for one that is no media type. */
export function mediaType(contentType: string | null): string | undefined {
  return ESSENCE.exec(contentType ?? '')?.[1]?.toLowerCase()
}

export function isJson(contentType: string | null): boolean {
  return /^(?:application|text)\/(?:[^/]+\+)?json$/.test(mediaType(contentType) ?? '')
}
