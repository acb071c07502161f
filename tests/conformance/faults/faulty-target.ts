// A target that breaks requirements on purpose: passes everything between the suite and a right server, and applies one
// fault to it.

import type { RawConnection, Target } from '@papertape/conformance'
import type { Connection, Fault, FaultyFrame, Loose } from './fault.ts'

export function faultyTarget(right: Required<Pick<Target, 'connect'>> & Target, fault: Fault): Target {
  const { bytes = (text: string) => text } = fault
  return {
    url: right.url,
    fetch: (url, init) => faultyFetch(fault, String(url), init ?? {}),
    WebSocket: faultySocketClass(fault),
    connect: async () => faultyConnection(await right.connect(), bytes),
  }
}

function faultyConnection(right: RawConnection, bytes: (text: string) => string): RawConnection {
  return {
    write: text => right.write(text),
    until: async pattern => bytes(await right.until(pattern)),
    close: () => right.close(),
  }
}

async function faultyFetch(fault: Fault, url: string, init: RequestInit): Promise<Response> {
  const { origin, pathname, searchParams: query } = new URL(url)
  const text = init.body as string | undefined
  const headers = new Headers(init.headers)
  const request = { method: init.method ?? 'GET', path: pathname, query, headers, body: parse(text) }
  fault.request?.(request)
  const { method, path, body } = request
  const sent = body === undefined ? text : JSON.stringify(body)
  const more = sent === undefined ? {} : { body: sent }
  const answer = await fetch(`${origin}${path}?${query}`, { ...init, method, headers, ...more })
  const isStream = method === 'GET' && answer.headers.get('content-type')?.startsWith('text/event-stream') === true
  return isStream ? faultyStream(fault, answer, query, headers) : faultyAnswer(fault, answer, request)
}

async function faultyAnswer(
  fault: Fault,
  right: Response,
  { method, path }: { readonly method: string; readonly path: string },
): Promise<Response> {
  const text = await right.text()
  const answer = { method, path, status: right.status, headers: new Headers(right.headers), body: parse(text) }
  fault.answer?.(answer)
  const { status, headers, body } = answer
  // Of the right body, which fetch has decoded.
  headers.delete('content-length')
  headers.delete('content-encoding')
  const isEmpty = method === 'HEAD' || status === 204 || status === 304
  return new Response(isEmpty ? null : body === undefined ? text : JSON.stringify(body), { status, headers })
}

function faultyStream(fault: Fault, right: Response, query: URLSearchParams, sent: Headers): Response {
  const resumes = [sent.get('last-event-id'), query.get('last'), query.get('lastEventId')].some(Boolean)
  const stream: Connection = { query, resumes, count: 0, seen: 0 }
  const { frame: change = () => undefined, text: changeText = (text: string) => text } = fault
  let rest = ''
  const frames = new TransformStream<string, string>({
    async transform(chunk, controller) {
      const blocks = (rest + chunk).split('\n\n')
      rest = blocks.pop()!
      for (const block of blocks) {
        const frame = readFrame(block)
        stream.count++
        const instead = (await change(frame, stream)) ?? [frame]
        for (const one of instead) controller.enqueue(changeText(writeFrame(one)))
      }
    },
  })
  const headers = new Headers(right.headers)
  fault.head?.(headers)
  const body = right.body!.pipeThrough(new TextDecoderStream()).pipeThrough(frames)
  return new Response(body.pipeThrough(new TextEncoderStream()), { status: right.status, headers })
}

function readFrame(block: string): FaultyFrame {
  const frame: Record<string, string> = {}
  for (const row of block.split('\n')) frame[row.slice(0, row.indexOf(':'))] = row.slice(row.indexOf(': ') + 2)
  return frame.data === undefined ? frame : { ...frame, data: JSON.parse(frame.data) }
}

function writeFrame({ id, event, retry, data }: FaultyFrame): string {
  const fields = { retry, id, event, data: data === undefined ? undefined : JSON.stringify(data) }
  const rows = Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : `${name}: ${value}\n`))
  return rows.length === 0 ? '' : `${rows.join('')}\n`
}

function faultySocketClass(fault: Fault): typeof WebSocket {
  const { message = () => undefined, command = () => undefined, closeCode = (code: number) => code } = fault
  const { binary = (bytes: Uint8Array) => [bytes] } = fault
  class FaultySocket extends EventTarget {
    readonly #right: WebSocket
    readonly #state: Connection = { query: new URLSearchParams(), resumes: false, count: 0, seen: 0 }

    constructor(url: string, protocols: readonly string[]) {
      super()
      const asked = fault.protocols?.(protocols) ?? protocols
      this.#right = new WebSocket(url, [...asked])
      this.#right.binaryType = 'arraybuffer'
      for (const type of ['open', 'error']) {
        this.#right.addEventListener(type, () => this.dispatchEvent(new Event(type)))
      }
      this.#right.addEventListener('message', ({ data }) => {
        if (typeof data !== 'string') {
          for (const bytes of binary(new Uint8Array(data), this.#state)) {
            this.dispatchEvent(new MessageEvent('message', { data: Uint8Array.from(bytes).buffer }))
          }
          return
        }
        const right = JSON.parse(data)
        this.#state.count++
        for (const one of message(right, this.#state) ?? [right]) {
          this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(one) }))
        }
      })
      this.#right.addEventListener('close', ({ code }) =>
        this.dispatchEvent(Object.assign(new Event('close'), { code: closeCode(code) })),
      )
    }

    get protocol(): string {
      return fault.protocol ?? this.#right.protocol
    }

    send(data: string | Uint8Array<ArrayBuffer>): void {
      const sent: Loose = typeof data === 'string' ? parse(data) : undefined
      if (sent === undefined) this.#right.send(data)
      else for (const one of command(sent, this.#state) ?? [sent]) this.#right.send(JSON.stringify(one))
    }

    close(): void {
      this.#right.close()
    }
  }
  return FaultySocket as unknown as typeof WebSocket
}

function parse(text: string | undefined): Loose {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
