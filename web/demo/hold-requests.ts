// Holds the demo's requests to the service until the market in the page is there: a screen may ask for something as
// soon as it is shown, and a static server would answer with 404.

import { BASE_PATH } from '../base-path.ts'

/** Called once, before anything is shown. @returns lets the held requests go, and all after them. */
export function holdRequests(): () => void {
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const send = window.fetch
  window.fetch = async (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input, location.href)
    if (pathname.startsWith(`${BASE_PATH}/v1/`)) await released
    return send(input, init)
  }
  return () => {
    window.fetch = send
    release()
  }
}
