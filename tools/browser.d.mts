/** The browser for the browser tests, or what to do to get one. */
export function findBrowser(): { path?: string; missing?: string }
