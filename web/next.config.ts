// How Next builds the dashboard: a static export that the server serves as files. Next is never in the data path.
import path from 'node:path'
import type { NextConfig } from 'next'
import { BASE_PATH } from './base-path.ts'

const config: NextConfig = {
  output: 'export',
  basePath: BASE_PATH,
  trailingSlash: true,
  reactStrictMode: true,
  images: { unoptimized: true },
  transpilePackages: ['client', 'protocol', 'engine', 'simulators', 'venue', 'feed', 'gateway', 'mocks'].map(
    name => `@papertape/${name}`,
  ),
  turbopack: {
    root: path.join(import.meta.dirname, '..'),
  },
}

export default config
