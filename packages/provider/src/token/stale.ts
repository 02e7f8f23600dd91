import { refuse } from '../http/refusal.ts'

/**
 * The app was changed between authenticating it and using what it sent: its secret may be dead, its permissions fewer.
 * Nothing was spent; the same request again is checked against what stands.
 */
export const stale = refuse('StorageUnavailable', 'The app was changed at this very moment.', ['retry-after', '1'])
