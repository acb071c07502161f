// The texts of the settings: --help, and docs/settings.md. Pure.

import { SETTING_LIST } from './settings.ts'

export function helpText(): string {
  const entries = SETTING_LIST.map(([, { flag, env, takes, description, default: standard }]) => {
    const shown = standard === '' ? '' : ` [${standard}]`
    return `  --${flag.padEnd(14)} ${description}${shown}\n  ${' '.repeat(17)}${takes}; ${env}`
  })
  return `Papertape: a paper stock exchange with a live tape.\n\nUsage: npm start -- [flags]\n\n${entries.join('\n')}\n`
}

/** The text of docs/settings.md. */
export function settingsPage(): string {
  const rows = SETTING_LIST.map(([, { flag, env, takes, description, default: standard }]) => {
    const shown = standard === '' ? '' : `\`${standard}\``
    return `| \`--${flag}\` | \`${env}\` | ${description} | ${takes} | ${shown} |`
  })
  return `# Settings

\`npm start -- --port 9000\` or \`PORT=9000 npm start\`. Flags win over the environment, which wins over the file of \`--config\`
([configuration.md](configuration.md)) and over the defaults. An unknown flag or \`PAPERTAPE_\` variable, or a bad value, ends the start with one line and exit code 2. Paths in flags are relative to your
folder, those in variables to the project's. \`--help\` prints the same.

| Flag | Variable | Meaning | Value | Default |
|---|---|---|---|---|
${rows.join('\n')}

Generated from \`server/src/settings/settings.ts\`: \`UPDATE_DOCS=1 npm test -w server\`.
`
}
