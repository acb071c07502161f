// A connection over TCP, or TLS for https. Only the command makes one: handlers in a process have none.

import net from 'node:net'
import tls from 'node:tls'
import { Deviation } from '../judgement/expect.ts'
import type { RawConnection } from './target.ts'

const WAIT_MAX_MS = 5_000

export function connectTcp(url: string): () => Promise<RawConnection> {
  const { protocol, hostname, port } = new URL(url)
  const isSecure = protocol === 'https:'
  const host = hostname.replace(/^\[|\]$/g, '')
  const to = { host, port: Number(port) || (isSecure ? 443 : 80) }
  return () =>
    new Promise((resolve, reject) => {
      const socket: net.Socket = isSecure ? tls.connect({ ...to, rejectUnauthorized: false }) : net.connect(to)
      socket.once('error', reject)
      socket.once(isSecure ? 'secureConnect' : 'connect', () => resolve(new TcpConnection(socket)))
    })
}

class TcpConnection implements RawConnection {
  readonly #socket: net.Socket
  readonly #looks = new Set<() => void>()
  #received = ''
  #isOver = false

  constructor(socket: net.Socket) {
    this.#socket = socket
    socket.setEncoding('latin1')
    socket.on('data', (text: string) => {
      this.#received += text
      this.#lookAll()
    })
    // A reset ends what is read; what is missing is reported by until.
    socket.on('error', () => {})
    socket.on('close', () => {
      this.#isOver = true
      this.#lookAll()
    })
  }

  write(latin1: string): void {
    this.#socket.write(latin1, 'latin1')
  }

  until(pattern: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void) => {
        clearTimeout(timer)
        this.#looks.delete(look)
        settle()
      }
      const missing = () =>
        new Deviation(`expected: bytes like ${pattern}; seen: ${JSON.stringify(this.#received.slice(-300))}`)
      const look = () => {
        if (pattern.test(this.#received)) finish(() => resolve(this.#received))
        else if (this.#isOver) finish(() => reject(missing()))
      }
      const timer = setTimeout(() => finish(() => reject(missing())), WAIT_MAX_MS)
      this.#looks.add(look)
      look()
    })
  }

  close(): void {
    this.#socket.destroy()
  }

  #lookAll(): void {
    for (const look of [...this.#looks]) look()
  }
}
