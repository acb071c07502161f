// What the server takes from here: real data from a file, and where the caller is whose paths it is given. Node's,
// unlike the package's own index.

export { callerFolder } from './caller-folder.ts'
export { InputFailure } from './input-failure.ts'
export { openReplay, type RealData } from './open-replay.ts'
