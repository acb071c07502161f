// The server of a case: on a core of its own, with a folder of its own, and what its readers ask it for.

import { makeFolder, removeFolder, type ServerProcess, spawnServer } from '../server-process.ts'
import { SERVER_CORE } from './fanload.ts'

export const ALL_EVENTS = 'quote,trade,book,candle,status,news'
export const RAW = `/v1/stream?mode=raw&snapshot=false&events=${ALL_EVENTS}`

/** The market trades from its start on, without a past: it opens in two seconds. */
export const WITHOUT_PAST = ['--past-minutes', '0', '--past-days', '0']
/** Beside the readers of a case: probes, and those that have not yet been closed. */
const MORE_READERS = 500

/** @param readers at most; each address may have as many */
export async function openFeedServer(readers: number, flags: readonly string[]): Promise<ServerProcess> {
  const folder = makeFolder()
  const limits = ['--streams-max', String(readers + MORE_READERS), '--address-sockets-max', '0', '--account-burst', '0']
  const server = await spawnServer(['--data', folder, ...limits, ...flags], { core: SERVER_CORE })
  return {
    ...server,
    async stop() {
      await server.stop()
      removeFolder(folder)
    },
  }
}

/** The message that subscribes a WebSocket to the feed, as the parameters of a stream do. */
export const subscribeMessage = (parameters: object): string =>
  JSON.stringify({ type: 'subscribe', requestId: 1, subscription: 'bench', ...parameters })

export const orderChannelUrl = (url: string): string => `${url.replace('http', 'ws')}/v1/socket`
