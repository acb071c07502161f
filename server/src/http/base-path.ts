// The path below which a proxy serves the service, such as /tape.

/** @returns without a trailing slash, empty for none; undefined when it is invalid. */
export function parseBasePath(text: string): string | undefined {
  const path = text.trim().replace(/\/$/, '')
  return path === '' || /^(?:\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+$/.test(path) ? path : undefined
}
