// The essence of a Content-Type header, as in RFC 9110 section 8.3.1 and the MIME Sniffing standard: type and subtype
// in lower case, without parameters. Distinguishes streams and JSON from answers of proxies.

const ESSENCE = /^[\t ]*([!#$%&'*+.^_`|~0-9a-z-]+\/[!#$%&'*+.^_`|~0-9a-z-]+)[\t ]*(?:;.*)?$/i

/** Undefined for no header, and for one that is no media type. */
export function mediaType(contentType: string | null): string | undefined {
  return ESSENCE.exec(contentType ?? '')?.[1]?.toLowerCase()
}

export function isJson(contentType: string | null): boolean {
  return /^(?:application|text)\/(?:[^/]+\+)?json$/.test(mediaType(contentType) ?? '')
}
