// A reporter for node:test that prints the name of the first test that fails and ends the run there. Used by
// workspace.ts.

import type { TestEvent } from 'node:test/reporters'

export default async function* firstFailure(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const { type, data } of events) {
    if (type !== 'test:fail') continue
    process.stdout.write(`\n${data.name}\n`, () => process.exit(1))
    return
  }
}
