// REST as a program without a browser would call it: any method, any header, the status and the parsed body.

import http from 'node:http'

export interface Answer {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  // biome-ignore lint/suspicious/noExplicitAny: tests read fields of many kinds of answers
  readonly body: any
}

export interface Asked {
  readonly token?: string
  /** An object goes out as JSON, text as it is. */
  readonly body?: object | string
  readonly headers?: Readonly<Record<string, string>>
}

/** More than a long poll is held. */
const WAIT_MAX_MS = 60_000

/** @param route `POST /v1/orders` */
export async function call(url: string, route: string, { token, body, headers = {} }: Asked = {}): Promise<Answer> {
  const [method, path] = route.split(' ') as [string, string]
  const text = typeof body === 'object' ? JSON.stringify(body) : body
  return new Promise((resolve, reject) => {
    const sent = {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(text !== undefined && {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(text)),
      }),
      ...headers,
    }
    const request = http.request(`${url}${path}`, { method, headers: sent, agent: false }, response => {
      let received = ''
      response.setEncoding('utf8')
      response.on('data', chunk => {
        received += chunk
      })
      response.once('error', reject)
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: parse(received) }),
      )
    })
    request.setTimeout(WAIT_MAX_MS, () => request.destroy(new Error(`no answer to ${route}`)))
    request.once('error', reject)
    request.end(text)
  })
}

function parse(text: string): unknown {
  return text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text
}
