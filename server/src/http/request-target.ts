// Converts a request target to the path that is routed: absolute form to origin form (RFC 9112 section 3.2.2), and
// without the base path. Called for each request before routing.

const ABSOLUTE_FORM = /^https?:\/\/[^/?#]*/i

/**
 * @param target as received.
 * @param basePath `/tape`, or empty. A proxy may strip it or leave it.
 */
export function routeTarget(target: string, basePath: string): string {
  // The server as a whole: only OPTIONS uses it.
  if (target === '*') return '/*'
  const absolute = ABSOLUTE_FORM.exec(target)?.[0]
  const origin = absolute === undefined ? target : target.slice(absolute.length)
  const path = origin === '' || origin.startsWith('?') ? `/${origin}` : origin
  if (basePath === '' || !path.startsWith(basePath)) return path
  const rest = path.slice(basePath.length)
  if (rest.startsWith('/')) return rest
  return rest === '' || rest.startsWith('?') ? `/${rest}` : path
}

/** The host and port of a target in absolute form, which count instead of Host; undefined in any other form. */
export function targetHost(target: string): string | undefined {
  return ABSOLUTE_FORM.exec(target)?.[0].replace(/^[^/]*\/\//, '')
}

/** Without its query. */
export function pathOf(target: string): string {
  const query = target.indexOf('?')
  return query < 0 ? target : target.slice(0, query)
}
