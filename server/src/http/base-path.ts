// The path prefix under which a proxy shows the service, such as /tape.

/** @returns without its slash at the end, empty for none; undefined when it is no path. */
export function parseBasePath(text: string): string | undefined {
  const path = text.trim().replace(/\/$/, '')
  return path === '' || /^(?:\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+$/.test(path) ? path : undefined
}
