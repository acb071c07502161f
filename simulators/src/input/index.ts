// What the server takes from here: real data from a file, and where the caller is whose paths it is given. Node's, unlike the
// package's own index.

export { InputFailure } from '../cli/failure.ts'
export { callerFolder } from './caller-folder.ts'
export { openReplay, type RealData } from './open-replay.ts'
