import { errorTable } from '@civitai-oauth/core/error-table'
import { type ErrorTag, codeOf } from '@civitai-oauth/core/errors'
import { describe, expect, it } from 'vitest'
import { withIncludes } from '../src/include.ts'
import { table } from '../src/reference/table.ts'
import { repository, site } from '../src/site.ts'

const files = site()
const ids = (html: string): Set<string> =>
  new Set([...html.matchAll(/ id="([^"]+)"/g)].map((match) => match[1] as string))

describe('the documentation site', () => {
  it.each([...files.keys()])('%s has one title and a place to skip to', (path) => {
    const html = files.get(path) as string
    expect(html.match(/<h1[ >]/g)).toHaveLength(1)
    expect(html).toContain('<main id="content">')
  })

  it.each([...files.keys()])('every link of %s leads to a page and a heading that exist', (path) => {
    for (const [, href = ''] of (files.get(path) as string).matchAll(/href="([/#][^"]*)"/g)) {
      const [address = '', anchor] = href.split('#')
      const target = address === '' ? path : `${address.slice(1)}index.html`
      const html = files.get(target)
      expect(html, `${path} links to ${href}`).toBeDefined()
      if (anchor) expect(ids(html as string), `${path} links to ${href}`).toContain(anchor)
    }
  })

  it('has a heading for the code of every error, where an error links to', () => {
    const headings = ids(files.get('errors/index.html') as string)
    for (const tag of Object.keys(errorTable)) expect(headings).toContain(codeOf(tag as ErrorTag))
  })

  it('shows the value of every preset as core has it', () => {
    expect(files.get('presets/index.html')).toContain('114689')
  })

  it('says so when an included file or part is missing', () => {
    expect(() => withIncludes('<!-- include: apps/docs/none.ts -->', repository)).toThrow(/none\.ts/)
    expect(() => withIncludes('<!-- include: apps/docs/src/build.ts#none -->', repository)).toThrow(
      /no part named none/,
    )
  })

  it('keeps a pipe inside its cell', () => {
    expect(table(['a'], [['x|y']])).toContain('x\\|y')
  })
})
