/** Makes every page of the site in memory: address to HTML. */
import { existsSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { Marked, type Tokens } from 'marked'
import { withIncludes } from './include.ts'
import { layout } from './layout.ts'
import { type Page, pages } from './pages.ts'

export const repository = new URL('../../..', import.meta.url).pathname.replace(/\/$/, '')

/** Where the sources are read on the web, for links into the repository that are no page here. */
const sourceOf = (page: Page): string => (page.file === undefined ? 'apps/docs/src' : posix.dirname(page.file))

const slugOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/<[^>]+>|&\w+;|`/g, '')
    .replaceAll(/[^\p{L}\p{N}_]+/gu, '-')
    .replaceAll(/^-|-$/g, '')

/** A link to another Markdown file that is a page here becomes that page's address; to any other file, plain text. */
const rewrite = (href: string, page: Page): string | null => {
  if (/^(https?:|mailto:|#|\/)/.test(href)) return href
  const [path = '', anchor] = href.split('#')
  const target = posix.normalize(posix.join(sourceOf(page), path))
  const found = pages.find(
    (one) => one.file !== undefined && (one.file === target || posix.dirname(one.file) === target),
  )
  if (found) return `/${found.slug}${found.slug ? '/' : ''}${anchor ? `#${anchor}` : ''}`
  if (!existsSync(`${repository}/${target}`)) throw new Error(`${page.file ?? page.slug}: no such file: ${href}`)
  return null
}

const render = (page: Page): string => {
  const markdown = page.markdown
    ? page.markdown()
    : withIncludes(readFileSync(`${repository}/${page.file}`, 'utf8'), repository)
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth }) {
        const text = this.parser.parseInline(tokens)
        return `<h${depth} id="${slugOf(text)}">${text}</h${depth}>\n`
      },
      link({ href, title, tokens }) {
        const text = this.parser.parseInline(tokens)
        const to = rewrite(href, page)
        return to === null
          ? text
          : `<a href="${to.replaceAll('"', '&quot;')}"${title ? ` title="${title.replaceAll('"', '&quot;')}"` : ''}>${text}</a>`
      },
      table(token) {
        const { parser } = this
        const cell = (one: Tokens.TableCell, tag: string) => `<${tag}>${parser.parseInline(one.tokens)}</${tag}>`
        const head = `<thead><tr>${token.header.map((one) => cell(one, 'th')).join('')}</tr></thead>`
        const body = token.rows.map((row) => `<tr>${row.map((one) => cell(one, 'td')).join('')}</tr>`).join('')
        // Wide tables scroll by themselves, by keyboard too, so that the page never does.
        return `<div class="table" tabindex="0" role="region" aria-label="Table">
<table>${head}<tbody>${body}</tbody></table></div>\n`
      },
      code({ text, lang }) {
        const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
        return `<pre tabindex="0"${lang ? ` data-language="${lang}"` : ''}><code>${escaped}</code></pre>\n`
      },
    },
  })
  return layout(page, listed(), marked.parse(markdown, { async: false }))
}

/** Pages whose source stands in the repository: a package without a README has no page yet. */
export const listed = (): readonly Page[] =>
  pages.filter((page) => page.file === undefined || existsSync(`${repository}/${page.file}`))

/** Every file of the site: `index.html`, `scopes/index.html`, … */
export const site = (): ReadonlyMap<string, string> =>
  new Map(listed().map((page) => [page.slug === '' ? 'index.html' : `${page.slug}/index.html`, render(page)]))
