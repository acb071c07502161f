// The server of a case: on a core of its own, with a folder of its own, and what its readers ask it for.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder, removeFolder, type ServerProcess, type SpawnOptions, spawnServer } from '../server-process.ts'
import { SERVER_CORE } from './fanload.ts'

export const ALL_EVENTS = 'quote,trade,book,candle,status,news'
export const RAW = `/v1/stream?mode=raw&snapshot=false&events=${ALL_EVENTS}`

/** The market trades from its start on, without a past: it opens in two seconds. */
export const WITHOUT_PAST = ['--past-minutes', '0', '--past-days', '0']
/** Beside the readers of a case: probes, and those that have not yet been closed. */
const MORE_READERS = 500

export interface FeedServer extends ServerProcess {
  /** Changes the speed of the market's clock, as its operator. @param pace as the flag has it, such as 10x. */
  setPace(pace: string): Promise<void>
}

/** @param readers at most; each address may have as many */
export async function openFeedServer(
  readers: number,
  flags: readonly string[],
  options?: SpawnOptions,
): Promise<FeedServer> {
  const folder = makeFolder()
  const server = await openServerIn(folder, readers, flags, options)
  return {
    ...server,
    async stop() {
      await server.stop()
      removeFolder(folder)
    },
  }
}

/** The same on a folder that its owner removes. */
export async function openServerIn(
  folder: string,
  readers: number,
  flags: readonly string[],
  options: SpawnOptions = { core: SERVER_CORE },
): Promise<FeedServer> {
  const limits = ['--streams-max', String(readers + MORE_READERS), '--address-sockets-max', '0', '--account-burst', '0']
  const server = await spawnServer(['--data', folder, ...limits, ...flags], options)
  return {
    ...server,
    async setPace(pace) {
      const token = readFileSync(join(folder, 'operator-token'), 'utf8').trim()
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
      const body = JSON.stringify({ pace })
      const { ok, status } = await fetch(`${server.url}/v1/market`, { method: 'PATCH', headers, body })
      if (!ok) throw new Error(`the server answered ${status} to a change of the pace`)
    },
  }
}

/** The message that subscribes a WebSocket to the feed, as the parameters of a stream do. */
export const subscribeMessage = (parameters: object): string =>
  JSON.stringify({ type: 'subscribe', requestId: 1, subscription: 'bench', ...parameters })

export const orderChannelUrl = (url: string): string => `${url.replace('http', 'ws')}/v1/socket`
