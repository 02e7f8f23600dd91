/** The one page this server draws itself: an error, for a person. It loads nothing and runs nothing. */
import { createHash } from 'node:crypto'
import { type Refusal, rows } from './refusal.ts'

const style = `
:root { color-scheme: light dark; --paper: #f7f8fa; --card: #fff; --ink: #1b1d22; --soft: #555b66; --line: #e1e4ea; --warm: #b4481e }
@media (prefers-color-scheme: dark) {
  :root { --paper: #16171b; --card: #1f2126; --ink: #eceef2; --soft: #a5abb6; --line: #343842; --warm: #ff9b6b }
}
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--paper);
  color: var(--ink); font: 1rem/1.55 system-ui, sans-serif }
main { width: 100%; max-width: 34rem; padding: 2rem; background: var(--card); border: 1px solid var(--line);
  border-radius: .75rem; overflow-wrap: anywhere }
h1 { margin: 0 0 .75rem; font-size: 1.35rem; line-height: 1.3 }
p { margin: 0 0 1rem }
.soft { color: var(--soft) }
code { font: .9em ui-monospace, monospace; color: var(--warm) }
p:last-child { margin-bottom: 0 }
`

const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Text as text, whatever it holds. */
export const escape = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => entities[character] as string)

/** The page, and the policy that it keeps. */
export const errorPage = (refused: Refusal): { readonly body: string; readonly policy: string } => {
  const { title, mend, error } = rows[refused._tag]
  const because = refused.because === undefined ? '' : `<p>${escape(refused.because)}</p>\n`
  const body = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escape(title)}</h1>
${because}<p>${escape(mend)}</p>
<p class="soft">Nothing was shared with the app. Its makers will want this code: <code>${escape(error)}</code></p>
</main>
</body>
</html>
`
  return { body, policy }
}
