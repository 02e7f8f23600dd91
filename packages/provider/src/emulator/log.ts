/** What was asked of the emulator and what it answered, for a test to read. Secrets, codes and tokens never enter it. */

export interface LogEntry {
  /** Unix milliseconds, by the emulator's clock. */
  readonly at: number
  readonly method: string
  readonly path: string
  /** Query and form parameters; a secret one reads `<redacted>`. */
  readonly parameters: Readonly<Record<string, string>>
  readonly status: number
  /** The answer's `error`, where it has one. */
  readonly error?: string
}

const limit = 1_000

/** What may be shown as it came: everything else is redacted, so a parameter nobody thought of cannot leak. */
const plain = [
  'response_type',
  'client_id',
  'redirect_uri',
  'scope',
  'code_challenge_method',
  'grant_type',
  'token_type_hint',
  'prompt',
  'error',
  'json',
  'approved',
  'remember',
]

/** Text that should hold no secret, less whatever in it is as long as one: ids and addresses are shorter between their marks. */
export const cleaned = (text: string): string => text.slice(0, 2_000).replaceAll(/[\w-]{43,}/g, '<redacted>')

export const redact = (parameters: Iterable<readonly [string, string]>): Record<string, string> => {
  const shown: Record<string, string> = {}
  for (const [name, value] of parameters) shown[cleaned(name)] = plain.includes(name) ? cleaned(value) : '<redacted>'
  return shown
}

export interface Log {
  /** Oldest first, the last thousand. */
  entries(): readonly LogEntry[]
  add(entry: LogEntry): void
  clear(): void
}

export const createLog = (): Log => {
  let kept: LogEntry[] = []
  return {
    entries: () => kept.slice(-limit),
    add: (entry) => {
      kept.push(entry)
      if (kept.length > 2 * limit) kept = kept.slice(-limit)
    },
    clear: () => {
      kept = []
    },
  }
}
