import { describe, expect, it } from 'vitest'
import { forwardedHeaders } from '../src/index.ts'

const request = new Request('http://localhost:3000/', {
  headers: { cookie: 'theme=dark; civitai-1=old; civitai-1-note=x', accept: 'text/html' },
})
const changed = (...lines: string[]) => new Headers(lines.map((line) => ['set-cookie', line] as [string, string]))

describe('what a proxy hands on', () => {
  it('carries the cookies as the browser will have them', () => {
    const headers = forwardedHeaders(
      request,
      changed('civitai-1=new==; Path=/; Max-Age=60', 'civitai-1-note=; Path=/; Max-Age=0; HttpOnly'),
    )
    expect(headers.get('cookie')).toBe('theme=dark; civitai-1=new==')
  })

  it('keeps everything else, and leaves the request itself as it was', () => {
    expect(forwardedHeaders(request, changed('civitai-1=new')).get('accept')).toBe('text/html')
    expect(request.headers.get('cookie')).toContain('civitai-1=old')
  })

  it('carries a cookie to a request that had none, and no empty header where the last one goes', () => {
    const bare = new Request('http://localhost:3000/')
    expect(forwardedHeaders(bare, changed('civitai-1=new; Path=/')).get('cookie')).toBe('civitai-1=new')
    const last = new Request('http://localhost:3000/', { headers: { cookie: 'civitai-1=old' } })
    expect(forwardedHeaders(last, changed('civitai-1=; Max-Age=0')).has('cookie')).toBe(false)
  })
})
