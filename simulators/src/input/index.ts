// The Node part of the package's API, exported as `./input`: opens replay files, and finds the folder of the caller's
// paths.

export { callerFolder } from './caller-folder.ts'
export { InputFailure, readFailure } from './input-failure.ts'
export { openReplay, type RealData } from './open-replay.ts'
