// Reads the kernel's tables of TCP connections, /proc/net/tcp and /proc/net/tcp6 (proc_net_tcp.txt of the kernel's
// documentation).

import { readFile } from 'node:fs/promises'
import { isIPv4, isIPv6 } from 'node:net'

/** A connection as net.Socket describes it; undefined once the connection has gone. */
export interface Endpoints {
  readonly localPort?: number | undefined
  readonly remoteAddress?: string | undefined
  readonly remotePort?: number | undefined
}

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'] as const
const EMPTY = '00000000'

/** The tables as text; none on systems that have none, and none when one cannot be read now. */
export async function readTcpTables(): Promise<readonly string[]> {
  try {
    const texts = await Promise.all(TABLES.map(readTable))
    return texts.filter(text => text !== '')
  } catch {
    return []
  }
}

async function readTable(path: string): Promise<string> {
  try {
    return await readFile(path, 'latin1')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}

/** What a line of the tables begins with, of the connection between these endpoints. */
export function connectionKey({ localPort, remoteAddress, remotePort }: Endpoints): string {
  return `${portHex(localPort ?? 0)} ${addressHex(remoteAddress ?? '')}:${portHex(remotePort ?? 0)}`
}

/** What the kernel has not sent or has no acknowledgement of, in bytes, by connection; those without are left out. */
export function sendQueues(tables: readonly string[]): Map<string, number> {
  const queues = new Map<string, number>()
  for (const table of tables) {
    // The first line has the heads of the columns.
    for (let at = table.indexOf('\n') + 1; at > 0 && at < table.length; at = table.indexOf('\n', at) + 1) {
      // `  12: 0100007F:1F90 0100007F:C350 01 00000000:00000000 …`: number, local, remote, state, tx_queue:rx_queue.
      const local = table.indexOf(':', at) + 2
      const addressLength = table.indexOf(':', local) - local
      const remote = local + addressLength + 6
      const queue = remote + addressLength + 9
      if (table.startsWith(EMPTY, queue)) continue
      const bytes = Number.parseInt(table.slice(queue, queue + 8), 16)
      const localPort = table.slice(local + addressLength + 1, remote - 1)
      queues.set(`${localPort} ${table.slice(remote, remote + addressLength + 5)}`, bytes)
    }
  }
  return queues
}

function portHex(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0')
}

/** Words of four bytes, each in the order of the machine, which is taken to be little-endian. */
function addressHex(address: string): string {
  const [bare = ''] = address.split('%')
  if (isIPv4(bare)) return wordHex(bare.split('.').map(Number))
  if (!isIPv6(bare)) return ''
  const bytes = ipv6Bytes(bare)
  return [0, 4, 8, 12].map(from => wordHex(bytes.slice(from, from + 4))).join('')
}

function wordHex(bytes: readonly number[]): string {
  return bytes
    .toReversed()
    .map(byte => byte.toString(16).toUpperCase().padStart(2, '0'))
    .join('')
}

/** Sixteen bytes. URL writes an address in full words and without a dotted end. */
function ipv6Bytes(address: string): number[] {
  const normal = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [head = '', tail] = normal.split('::')
  const words = (text: string) => (text === '' ? [] : text.split(':').map(word => Number.parseInt(word, 16)))
  const first = words(head)
  const last = tail === undefined ? [] : words(tail)
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => 0)
  return [...first, ...zeros, ...last].flatMap(word => [word >> 8, word & 0xff])
}
