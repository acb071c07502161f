// The path under which the server shows the dashboard, such as /tape. The export carries this placeholder in every address;
// server/src/static-site.ts puts the configured path, or nothing, in its place.

export const BASE_PATH = '/__base_path__'
