/**
 * Fixed windows: so many events a key in each. One process counts in memory, many count in the database they share; a
 * key's counter is forgotten when its window ends.
 */
import { hash } from 'node:crypto'
import type { Clock } from './clock.ts'
import type { LimitStorage } from './storage/limits.ts'

export interface Rate {
  readonly times: number
  readonly seconds: number
}

export interface Limiter {
  /** Counts one event. Answers 0 when it is within the rate, otherwise the seconds to wait. */
  hit(name: string, key: string, rate: Rate): number | Promise<number>
  /** Counts nothing. Answers what the next `hit` would. */
  room(name: string, key: string, rate: Rate): number | Promise<number>
}

interface Window {
  endsAt: number
  count: number
}

/** A key nobody can dodge by spelling: one IPv6 subscriber has at least a /64, so that is what counts. */
export const addressKey = (address: string): string => {
  const plain = address
    .toLowerCase()
    .replace(/%.*$/, '')
    .replace(/^::ffff:(?=\d+\.)/, '')
  if (!plain.includes(':')) return plain
  const [head = '', tail = ''] = plain.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === '' ? [] : tail.split(':')
  const groups = plain.includes('::')
    ? [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right]
    : left
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}

/** Callers choose some keys: a long one takes no more room than a short one. */
const longestKey = 64
const short = (key: string): string => (key.length <= longestKey ? key : hash('sha256', key))

const waitFor = (count: number, endsAt: number, times: number, now: number): number =>
  count <= times ? 0 : Math.max(1, Math.ceil((endsAt - now) / 1000))

/** Counts where every process looks. */
export const sharedLimiterOf = (clock: Clock, limits: LimitStorage): Limiter => ({
  hit: async (name, key, { times, seconds }) => {
    const now = clock.now()
    const { count, endsAt } = await limits.hit(`${name} ${short(key)}`, seconds * 1000, now)
    return waitFor(count, endsAt, times, now)
  },
  room: async (name, key, { times, seconds }) => {
    const now = clock.now()
    const window = await limits.look(`${name} ${short(key)}`, seconds * 1000, now)
    return window ? waitFor(window.count + 1, window.endsAt, times, now) : 0
  },
})

export const limiterOf = (clock: Clock): Limiter => {
  // Each limit has room of its own: whoever floods one with made-up keys pushes nobody out of another.
  const limits = new Map<string, Map<string, Window>>()
  const most = 50_000
  const windowsOf = (name: string): Map<string, Window> => {
    const windows = limits.get(name) ?? new Map<string, Window>()
    limits.set(name, windows)
    return windows
  }
  /** Undefined when it has ended; a clock that was turned back ends it too. */
  const openAt = (window: Window | undefined, seconds: number, now: number): Window | undefined =>
    window && window.endsAt > now && window.endsAt <= now + seconds * 1000 ? window : undefined
  return {
    hit: (name, key, { times, seconds }) => {
      const now = clock.now()
      const id = short(key)
      const windows = windowsOf(name)
      let window = openAt(windows.get(id), seconds, now)
      if (!window) {
        windows.delete(id)
        window = { endsAt: now + seconds * 1000, count: 0 }
        windows.set(id, window)
        if (windows.size > most) forget(windows, now)
      }
      window.count += 1
      return waitFor(window.count, window.endsAt, times, now)
    },
    room: (name, key, { times, seconds }) => {
      const now = clock.now()
      const window = openAt(windowsOf(name).get(short(key)), seconds, now)
      return window ? waitFor(window.count + 1, window.endsAt, times, now) : 0
    },
  }
}

/** Ended windows go; if that is not enough, the oldest do. */
const forget = (windows: Map<string, Window>, now: number): void => {
  for (const [id, window] of windows) if (window.endsAt <= now) windows.delete(id)
  for (const id of windows.keys()) {
    if (windows.size <= 40_000) return
    windows.delete(id)
  }
}
