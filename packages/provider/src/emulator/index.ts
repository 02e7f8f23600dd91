/** An authorization server for a laptop and for tests: sample people and apps, a clock that moves, a control API. */
export { type Emulator, type EmulatorOptions, type Pages, startEmulator } from './emulator.ts'
export type { EmulatorClock } from './clock.ts'
export type { Log, LogEntry } from './log.ts'
export { type AuthorizeInput, type AuthorizeResult, answerAuthorize } from './authorize.ts'
export type { Fault, Faults, Kind as FaultKind, Place as FaultPlace } from './fault.ts'
export { type SampleApp, type SampleUser, type Samples, SeedInvalid, parseSamples } from './samples.ts'
export { type ParsedSeed, type Seed, type SeedApp, type SeedPerson, parseSeed } from './seed.ts'
