/** What the doctor found. Every sentence that is not good news says what to do. */
export interface Finding {
  readonly verdict: 'good' | 'bad' | 'unknown'
  readonly sentence: string
}

export const good = (sentence: string): Finding => ({ verdict: 'good', sentence })
export const bad = (sentence: string): Finding => ({ verdict: 'bad', sentence })
/** It could not be checked from here. */
export const unknown = (sentence: string): Finding => ({ verdict: 'unknown', sentence })
