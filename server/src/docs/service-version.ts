// The version of the service, for the documents.

import { readFileSync } from 'node:fs'

const PACKAGE = new URL('../../package.json', import.meta.url)

export const SERVICE_VERSION: string = JSON.parse(readFileSync(PACKAGE, 'utf8')).version
