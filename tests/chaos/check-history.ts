// `npm run history -w tests -- FILE`: judges the history of a run again.

import { readHistory } from './history.ts'
import { checkHistory } from './history-checker.ts'

const [file] = process.argv.slice(2)
if (file === undefined || file.startsWith('-')) {
  console.error('Usage: npm run history -w tests -- FILE, which npm run chaos has written')
  process.exit(2)
}
const lines = readHistory(file)
const found = checkHistory(lines)
for (const text of found) console.error(text)
console.log(
  `${lines.length} lines: ${found.length === 0 ? 'every promise was kept' : `${found.length} promises were broken`}`,
)
process.exitCode = found.length === 0 ? 0 : 1
