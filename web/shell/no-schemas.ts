// Stands in for typebox in the page's bundle (see next.config.ts). The page folds what the server has already checked and
// never validates a schema itself, so protocol's schemas would be 46 KB of code that nobody calls.

const nothing = () => ({})

export default new Proxy({}, { get: () => nothing })
