// A peer of the server: a program that sends what is published to it to all of its readers. Each is a process of its
// own on the server's core, and is published batches that were recorded from the server.

import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import net from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { killProcess, spawnNode, spawnProgram } from '../../server-process.ts'
import { frameBatch, type RecordedEvent } from '../batches.ts'
import { compileC, SERVER_CORE } from '../fanload.ts'

export interface FeedPeer {
  readonly pid: number
  /** For the load generator. */
  readonly url: string
  publish(events: readonly RecordedEvent[]): void
  close(): Promise<void>
}

const START_MS_MAX = 20_000

/** @param folder for the compiled program */
export function compileBatchWriter(folder: string): string {
  return compileC(fileURLToPath(new URL('../batch-writer.c', import.meta.url)), folder, 'batch-writer')
}

export const openBatchWriter = (program: string): Promise<FeedPeer> =>
  openFramePeer(spawnProgram(program, [], { core: SERVER_CORE }), 'http')

export const openBetterSse = (): Promise<FeedPeer> => openNodePeer('./better-sse-server.ts', 'http')

export const openWs = (): Promise<FeedPeer> => openNodePeer('./ws-server.ts', 'ws')

function openNodePeer(file: string, scheme: 'http' | 'ws'): Promise<FeedPeer> {
  return openFramePeer(spawnNode(new URL(file, import.meta.url), [], { core: SERVER_CORE }), scheme)
}

/** A program that prints the port of its readers and the one at which it reads batches. */
async function openFramePeer(child: ChildProcess, scheme: 'http' | 'ws'): Promise<FeedPeer> {
  try {
    const signal = AbortSignal.timeout(START_MS_MAX)
    const [line] = (await once(createInterface({ input: child.stdout! }), 'line', { signal })) as [string]
    const [readers, batches] = line.split(' ').map(Number) as [number, number]
    const publisher = await connectPublisher(batches)
    return {
      pid: child.pid!,
      url: `${scheme}://127.0.0.1:${readers}/`,
      publish: events => publisher.write(frameBatch(events)),
      async close() {
        publisher.destroy()
        await killProcess(child)
      },
    }
  } catch (error) {
    await killProcess(child)
    throw error
  }
}

export async function connectPublisher(port: number): Promise<net.Socket> {
  const socket = net.connect(port, '127.0.0.1')
  await once(socket, 'connect', { signal: AbortSignal.timeout(START_MS_MAX) })
  socket.setNoDelay(true)
  // A peer that breaks is seen in what its readers get.
  socket.on('error', () => {})
  return socket
}
