import { render } from 'svelte/server'
import { describe, expect, it } from 'vitest'
import type { SessionView } from '../../src/index.ts'
import Probe from './Probe.svelte'

const text = (session?: SessionView<never>) =>
  render(Probe, { props: session === undefined ? {} : { session } })
    .body.replaceAll(/<!--.*?-->/g, '')
    .trim()

describe('useCivitaiAuth on a server', () => {
  it('renders what the server knows, so that nothing flashes', () => {
    expect(text({ status: 'signed-in', user: { id: '7', username: 'ada' }, scopes: [], expiresAt: 0 })).toBe('ada')
    expect(text({ status: 'signed-out' })).toBe('signed-out')
  })

  it('renders `unknown` where nothing was handed to it', () => {
    expect(text()).toBe('unknown')
  })

  it('keeps nothing of one person for the next', () => {
    text({ status: 'signed-in', user: { id: '7', username: 'ada' }, scopes: [], expiresAt: 0 })
    expect(text()).toBe('unknown')
  })
})
