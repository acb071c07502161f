// Whether a client has the representation already (RFC 9110 section 13.1.2). Pure.

/** Weak comparison. @param etag of the representation, weak or strong. */
export function isNotModified(ifNoneMatch: string | null | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined || ifNoneMatch === null) return false
  const known = ifNoneMatch.split(',').map(opaqueTag)
  return known.includes(opaqueTag(etag)) || known.includes('*')
}

function opaqueTag(etag: string): string {
  return etag.trim().replace(/^W\//, '')
}
