// Types of browser.mjs, which is plain JavaScript: it runs before anything is installed. For the browser tests.

export interface InstalledBrowser {
  readonly path: string
  /** What its environment needs beside ours. */
  readonly env: Readonly<Record<string, string>>
}

/** The browser; `refused` when CHROMIUM_PATH names what does not start; neither when there is none. */
export function findBrowser(): { readonly browser?: InstalledBrowser; readonly refused?: string }
