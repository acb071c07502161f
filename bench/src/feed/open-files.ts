// How many connections the limit of open files allows, of this process and of those it starts.

import { readFileSync } from 'node:fs'

/** Of the server beside its connections: journals, modules, ports. */
const OTHER_FILES = 500

/** As many as wanted, or fewer, of which it prints a line. */
export function connectionsAllowed(wanted: number): number {
  const [, hard] = /^Max open files +\S+ +(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))!
  const most = hard === 'unlimited' ? wanted : Number(hard) - OTHER_FILES
  if (most >= wanted) return wanted
  console.log(`The limit of open files (ulimit -Hn: ${hard}) allows ${most} connections, not ${wanted}.`)
  return most
}
