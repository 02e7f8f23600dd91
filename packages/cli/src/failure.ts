/** Something the person at the terminal can mend: printed as one sentence that says what to do, with exit code 1. */
export class Failure extends Error {
  readonly _tag = 'Failure'
}

/** The error code of a system call, e.g. `EADDRINUSE`. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
