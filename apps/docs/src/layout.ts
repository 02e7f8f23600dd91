/** The frame of every page: navigation, content, one calm style for light and dark. No script. */
import type { Page } from './pages.ts'

const style = `
:root { color-scheme: light dark; --text: light-dark(#1c2330, #e6e9ef); --soft: light-dark(#566074, #a5aec0);
  --page: light-dark(#fff, #14171d); --raised: light-dark(#f4f6f9, #1c2028); --line: light-dark(#dfe4ec, #2d333f); --link: light-dark(#0b62c4, #6cb6ff) }
* { box-sizing: border-box }
body { margin: 0; font: 16px/1.6 system-ui, sans-serif; color: var(--text); background: var(--page) }
a { color: var(--link); text-underline-offset: .15em }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 3px }
.skip { position: absolute; left: -999px } .skip:focus { left: 1rem; top: 1rem; background: var(--page); padding: .5rem 1rem; z-index: 1 }
.frame { display: grid; grid-template-columns: 16rem minmax(0, 1fr); max-width: 76rem; margin: auto }
nav { padding: 2rem 1.5rem; border-right: 1px solid var(--line); font-size: .92rem }
nav h2 { font-size: .75rem; letter-spacing: .06em; text-transform: uppercase; color: var(--soft); margin: 1.5rem 0 .4rem }
nav ul { list-style: none; margin: 0; padding: 0 } nav a { display: block; padding: .3rem .5rem; margin-left: -.5rem; border-radius: 6px; text-decoration: none; overflow-wrap: anywhere }
nav a[aria-current] { background: var(--raised); color: var(--text); font-weight: 600 }
main { padding: 2rem clamp(1rem, 4vw, 3rem) 5rem; min-width: 0 }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 1rem } h2 { margin: 2.5rem 0 .75rem } h3 { margin: 2rem 0 .5rem }
blockquote { margin: 1rem 0; padding: .1rem 1rem; border-left: 3px solid var(--link); color: var(--soft) }
p, ul, ol { max-width: 46rem } code { font: .88em/1.5 ui-monospace, monospace; overflow-wrap: anywhere }
:not(pre) > code { background: var(--raised); padding: .1em .3em; border-radius: 4px }
pre { background: var(--raised); border: 1px solid var(--line); border-radius: 8px; padding: 1rem; overflow-x: auto } pre code { overflow-wrap: normal }
.table { overflow-x: auto; margin: 1rem 0 } table { border-collapse: collapse; font-size: .92rem } th, td { text-align: left; vertical-align: top; padding: .45rem .8rem .45rem 0; border-bottom: 1px solid var(--line) } th { color: var(--soft); font-weight: 600 }
@media (max-width: 48rem) { .frame { display: block } nav { border-right: 0; border-bottom: 1px solid var(--line); padding: 1rem } nav ul { display: flex; flex-wrap: wrap; gap: 0 1rem } nav a { margin: 0; padding: .3rem 0 } nav h2 { margin: .6rem 0 0 } }
`

const sections = ['Start', 'Packages', 'Reference'] as const

const navigation = (current: Page, pages: readonly Page[]): string =>
  sections
    .map((section) => {
      const links = pages
        .filter((page) => page.section === section)
        .map((page) => {
          const here = page.slug === current.slug ? ' aria-current="page"' : ''
          return `<li><a href="/${page.slug}${page.slug ? '/' : ''}"${here}>${page.title}</a></li>`
        })
      return `<h2>${section}</h2><ul>${links.join('')}</ul>`
    })
    .join('')

export const layout = (page: Page, pages: readonly Page[], content: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title} · Sign in with Civitai</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<div class="frame">
<nav aria-label="Documentation">${navigation(page, pages)}</nav>
<main id="content">${content}</main>
</div>
</body>
</html>
`
