import { describe, expect, it } from 'vitest'
import { postedForm } from '../src/posted-form.ts'

const form = 'application/x-www-form-urlencoded'
const posted = (body: BodyInit | null, headers: Record<string, string> = { 'content-type': form }) =>
  new Request('https://app.test/', { method: 'POST', body, headers, duplex: 'half' } as RequestInit)
const fieldsOf = async (request: Request) => Object.fromEntries(await postedForm(request))

describe('a form that a page of ours posts', () => {
  it('is read, also where it comes in pieces that end within a character', async () => {
    const bytes = new TextEncoder().encode('returnTo=/caf\u00e9')
    const pieces = new ReadableStream({
      start: (to) => {
        for (const byte of bytes) to.enqueue(Uint8Array.of(byte))
        to.close()
      },
    })
    expect(await fieldsOf(posted(pieces))).toEqual({ returnTo: '/café' })
    expect(await fieldsOf(posted(new URLSearchParams({ returnTo: `/${'é'.repeat(300)}` })))).toEqual({
      returnTo: `/${'é'.repeat(300)}`,
    })
  })

  it('has no fields where it is none', async () => {
    expect(await fieldsOf(posted(null))).toEqual({})
    expect(await fieldsOf(posted('returnTo=/', { 'content-type': 'text/plain' }))).toEqual({})
  })

  it('H5 is not read to its end, nor kept, where it is longer than any of ours', async () => {
    let read = 0
    let left = false
    const endless = new ReadableStream({
      pull: (to) => {
        read += 1024
        to.enqueue(new Uint8Array(1024).fill(97))
      },
      cancel: () => void (left = true),
    })
    expect(await fieldsOf(posted(endless))).toEqual({})
    expect(left).toBe(true)
    expect(read).toBeLessThan(20_000)
    const announced = posted('returnTo=/', { 'content-type': form, 'content-length': '1000000' })
    expect(await fieldsOf(announced)).toEqual({})
  })
})
