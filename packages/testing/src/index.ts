/** An authorization server inside a test: sign a person in, answer for them, move the clock, break things on purpose. */
export {
  type TestApp,
  type TestAppDraft,
  type TestServer,
  type TestServerOptions,
  startProvider,
} from './start-provider.ts'
export type { Fault, LogEntry } from '@civitai-oauth/provider/emulator'
