// The path under which the server serves the dashboard, such as /tape. The export has this placeholder in every
// address; server/src/static-site.ts replaces it with the configured path, or nothing.

export const BASE_PATH = '/__base_path__'
