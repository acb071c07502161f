// The header fields that this browser sends with a request of the race, as far as a page knows them. They are counted,
// never sent from here.

import type { HeaderField } from '../../exhibit/byte-cost.ts'

interface UserAgentData {
  readonly brands: readonly { readonly brand: string; readonly version: string }[]
  readonly mobile: boolean
  readonly platform: string
}

const quoted = (text: string) => `"${text}"`

/** Chromium's client hints; other browsers have none. */
function hintFields(): HeaderField[] {
  const { userAgentData } = navigator as Navigator & { readonly userAgentData?: UserAgentData }
  if (userAgentData === undefined) return []
  const { brands, mobile, platform } = userAgentData
  return [
    ['sec-ch-ua', brands.map(({ brand, version }) => `${quoted(brand)};v=${quoted(version)}`).join(', ')],
    ['sec-ch-ua-mobile', mobile ? '?1' : '?0'],
    ['sec-ch-ua-platform', quoted(platform)],
  ]
}

/** 'de, en' is sent as `de,en;q=0.9`. */
function acceptLanguage(): string {
  return navigator.languages.map((language, index) => (index === 0 ? language : `${language};q=0.${10 - index}`)).join()
}

/** Of a fetch without a cookie and without the cache. @param isOwn the request is to the page's own origin */
export function fetchFields(accept: string, isOwn: boolean): HeaderField[] {
  return [
    ['Connection', 'keep-alive'],
    ['Pragma', 'no-cache'],
    ['Cache-Control', 'no-cache'],
    ...hintFields(),
    ['User-Agent', navigator.userAgent],
    ['Accept', accept],
    ...(isOwn ? [] : ([['Origin', location.origin]] as const)),
    ['Sec-Fetch-Site', isOwn ? 'same-origin' : 'cross-site'],
    ['Sec-Fetch-Mode', 'cors'],
    ['Sec-Fetch-Dest', 'empty'],
    ['Accept-Encoding', 'gzip, deflate, br, zstd'],
    ['Accept-Language', acceptLanguage()],
  ]
}

export function upgradeFields(): HeaderField[] {
  return [
    ['Connection', 'Upgrade'],
    ['Pragma', 'no-cache'],
    ['Cache-Control', 'no-cache'],
    ['User-Agent', navigator.userAgent],
    ['Origin', location.origin],
    ['Accept-Encoding', 'gzip, deflate, br, zstd'],
    ['Accept-Language', acceptLanguage()],
    ['Sec-WebSocket-Extensions', 'permessage-deflate; client_max_window_bits'],
  ]
}
