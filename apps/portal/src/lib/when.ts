/** Dates as the portal writes them: the same on server and in browser, so always in UTC. */

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
const minute = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
})

/** `at` is Unix milliseconds. */
export const onDay = (at: number): string => day.format(at)
export const atMinute = (at: number): string => `${minute.format(at)} UTC`

export const count = (amount: number, one: string, many: string = `${one}s`): string =>
  `${amount.toLocaleString('en-GB')} ${amount === 1 ? one : many}`
