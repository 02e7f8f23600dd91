import type { KeptVerification } from '../storage/verification.ts'
import type { Row } from './row.ts'

export const verificationColumns = ['note', 'links', 'asked_at', 'decided_at', 'verified', 'reason']
  .map((name) => `verifications.${name}`)
  .join(', ')

export const requestOf = (row: Row, from = 0): KeptVerification => ({
  note: row[from] as string,
  links: JSON.parse(row[from + 1] as string) as string[],
  askedAt: row[from + 2] as number,
  decision:
    row[from + 3] === null
      ? null
      : { at: row[from + 3] as number, verified: row[from + 4] === 1, reason: row[from + 5] as string },
})
