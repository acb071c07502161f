// The code for a transport, for the address of this page and the selected instrument.

'use client'

import type { Transport } from '@papertape/protocol'
import { BASE_PATH } from '../../base-path.ts'
import { TRANSPORT_LABELS } from '../../connections/panels.ts'
import { useDashboard } from '../../dashboard/dashboard-context.tsx'
import { useObservable } from '../../reactive/use-observable.tsx'
import { CodeSamples } from '../exhibit/CodeSamples.tsx'
import { useProtocol } from '../exhibit/use-protocol.tsx'
import css from './need.module.css'
import { SAMPLES } from './samples/samples.ts'

export function LeafCode({ transport }: { readonly transport: Transport }) {
  const { store, selection } = useDashboard()
  const protocol = useProtocol()
  const { symbol } = useObservable(selection.state)
  const instrument = useObservable(store.instruments).find(one => one.symbol === symbol)
  // The programs name an instrument: not before there is one.
  if (instrument === undefined) return <p className={css.description}>Waiting for the list of instruments…</p>
  const base = `${location.origin}${BASE_PATH}`
  const samples = SAMPLES[transport]({ base, symbol, lotSize: instrument.lotSize })
  return (
    <>
      <CodeSamples samples={samples} label={TRANSPORT_LABELS[transport].long} />
      {protocol === 'h3' && (
        <p className={css.note} data-testid="proxy-note">
          A proxy is in front of the server here. Programs that do not know its certificate use the address of the
          server.
        </p>
      )}
      {protocol !== 'h3' && isLocalTls(location) && (
        <p className={css.note} data-testid="certificate-note">
          The certificate of this server is its own: <code>tls-cert.pem</code> in its data folder. Name the file in{' '}
          <code>NODE_EXTRA_CA_CERTS</code> for Node, <code>SSL_CERT_FILE</code> for Python and Go,{' '}
          <code>CURL_CA_BUNDLE</code> for curl.
        </p>
      )}
    </>
  )
}

/** Elsewhere a proxy has a certificate that programs know. */
function isLocalTls({ protocol, hostname }: Location): boolean {
  return protocol === 'https:' && /^(localhost|127\.|\[::1\])/.test(hostname)
}
