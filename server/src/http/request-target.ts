// The path that a request asks for, as the routes know it: absolute form made origin form (RFC 9112 section 3.2.2), and the
// base path taken off. Called for each request before routing; decides nothing.

const ABSOLUTE_FORM = /^https?:\/\/[^/?#]*/i

/**
 * @param target the request target as it came.
 * @param basePath `/tape`, or empty. A proxy may strip it or leave it: both are the same address here.
 */
export function routeTarget(target: string, basePath: string): string {
  // The service as a whole: OPTIONS alone asks for it.
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
