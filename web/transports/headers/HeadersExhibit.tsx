// The exhibit of header fields: what HTTP/1.1 sends again with each request and HPACK does not, computed from requests
// of this page; and what takes the place of server push, and what HTTP/3 adds, in words.

'use client'

import type { RequestHeadEcho } from '@papertape/protocol'
import { useEffect, useRef, useState } from 'react'
import { formatSize } from '../../format/format.ts'
import { HeaderTable } from './HeaderTable.tsx'
import { HeaderTotalsChart } from './HeaderTotalsChart.tsx'
import { headerCosts, partsOf } from './header-costs.ts'
import css from './headers.module.css'
import { MoreVersions } from './MoreVersions.tsx'
import { HEADERS_PATH, sendRequests } from './request-heads.ts'

interface Sent {
  readonly heads?: readonly RequestHeadEcho[]
  readonly problem?: string
}

export function HeadersExhibit() {
  const [sent, setSent] = useState<Sent>({})
  const [isSending, setSending] = useState(false)
  const abort = useRef<AbortController>(undefined)
  useEffect(() => () => abort.current?.abort(), [])

  const send = async () => {
    abort.current = new AbortController()
    setSending(true)
    try {
      setSent({ heads: await sendRequests(abort.current.signal) })
    } catch (error) {
      setSent({ problem: error instanceof Error ? error.message : String(error) })
    }
    setSending(false)
  }
  const head = sent.heads?.at(-1)

  return (
    <div className={css.exhibit}>
      <div className={css.action}>
        <button
          type="button"
          className={css.send}
          disabled={isSending}
          onClick={() => void send()}
          data-testid="headers-send"
        >
          Send ten requests
        </button>
        <p className={css.note} role="status" data-testid="headers-arrived">
          {sent.problem ?? (sent.heads === undefined ? INTRODUCTION : arrivalText(sent.heads))}
        </p>
      </div>
      {head !== undefined && (
        <div className={css.measured}>
          <HeaderTable costs={headerCosts(partsOf(head, location.origin, HEADERS_PATH))} />
          <HeaderTotalsChart head={head} />
        </div>
      )}
      <MoreVersions />
    </div>
  )
}

const INTRODUCTION = 'The server answers with the names and sizes of the header fields that it received.'

function arrivalText(heads: readonly RequestHeadEcho[]): string {
  const sizes = [...new Set(heads.map(({ bytes }) => bytes))]
  const count = formatSize(heads.length)
  if (sizes[0] === null) {
    return `${count} requests arrived over HTTP/2. Names and values are as received; both columns of bytes are computed.`
  }
  return `${count} requests arrived over HTTP/1.1, each with a head of ${sizes.map(formatSize).join(' or ')} bytes, \
counted by the server. What HPACK would send is computed.`
}
