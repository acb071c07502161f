// Measures how long other clients wait for an answer while a test burdens the server.

import http from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

const ANSWER_WAIT_MS = 10_000
const PAUSE_MS = 5

/** Asks for /health again and again, each time on a new connection, until it is stopped. */
export function measureOthers({ url }: { readonly url: string }): { worstMs(): Promise<number> } {
  let worstMs = 0
  let isOver = false
  const asked = (async () => {
    while (!isOver) {
      const startMs = performance.now()
      await askHealth(url)
      worstMs = Math.max(worstMs, performance.now() - startMs)
      await sleep(PAUSE_MS)
    }
  })()
  return {
    /** Stops, and returns the longest wait. */
    async worstMs() {
      isOver = true
      await asked
      return Math.round(worstMs)
    },
  }
}

function askHealth(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = http.get(`${url}/health`, { agent: false }, response => {
      response.resume()
      response.once('end', resolve)
    })
    request.setTimeout(ANSWER_WAIT_MS, () => request.destroy(new Error('no answer from /health')))
    request.once('error', reject)
  })
}
