// The links in a problem: to its type, and to what there is to do. Pure.

import type { Problem } from '@papertape/protocol'

/** Links must work behind a proxy that serves the service below a path. */
export function withBasePath(problem: Problem, basePath: string): Problem {
  return { ...problem, type: `${basePath}${problem.type}`, docs: `${basePath}${problem.docs}` }
}
