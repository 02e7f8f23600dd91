/** The few pages this server draws itself: errors, and a device's code. They load nothing and run nothing. */
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
label { display: block; margin-bottom: .5rem }
input { width: 100%; padding: .6rem .75rem; font: 1.25rem ui-monospace, monospace; letter-spacing: .1em; color: inherit;
  background: var(--paper); border: 1px solid var(--soft); border-radius: .5rem }
button { margin: 1rem 0; padding: .6rem 1.25rem; font: inherit; font-weight: 600; color: #fff; background: #1763c6; border: 0;
  border-radius: .5rem; cursor: pointer }
:focus-visible { outline: 3px solid #4c9bff; outline-offset: 2px }
p:last-child { margin-bottom: 0 }
`

const policyOf = (formAction: string): string =>
  [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
    "base-uri 'none'",
    `form-action ${formAction}`,
    "frame-ancestors 'none'",
  ].join('; ')

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Text as text, whatever it holds. */
export const escape = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => entities[character] as string)

export interface Page {
  readonly body: string
  readonly policy: string
}

const documentOf = (title: string, inner: string, policy: string): Page => ({
  policy,
  body: `<!doctype html>
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
${inner}
</main>
</body>
</html>
`,
})

const closed = policyOf("'none'")

/** A title and what there is to say. */
export const page = (title: string, paragraphs: readonly string[]): Page =>
  documentOf(title, paragraphs.map((text) => `<p>${escape(text)}</p>`).join('\n'), closed)

export const errorPage = (refused: Refusal): Page => {
  const { title, mend, error } = rows[refused._tag]
  const said = refused.because === undefined ? [mend] : [refused.because, mend]
  const code = `<p class="soft">Nothing was shared with the app. Its makers will want this code: <code>${escape(error)}</code></p>`
  return documentOf(title, [...said.map((text) => `<p>${escape(text)}</p>`), code].join('\n'), closed)
}

const open = policyOf("'self'")

/** Where the code of a device is typed. `wrong` says what was wrong with the one before. */
export const devicePage = (wrong: string | null): Page =>
  documentOf(
    'Sign in on your device',
    `<form method="get">
<label for="user_code">The code that your device shows</label>
${wrong === null ? '' : `<p id="wrong" role="alert"><strong>${escape(wrong)}</strong></p>\n`}<input id="user_code" name="user_code" autocomplete="off" autocapitalize="characters" spellcheck="false" required autofocus maxlength="16"${wrong === null ? '' : ' aria-invalid="true" aria-describedby="wrong"'}>
<button>Continue</button>
</form>
<p class="soft">Go on only if you started this yourself, on a device you have in front of you.</p>`,
    open,
  )

/** What is copied into a terminal: the code, and the state beside it. */
export const codePage = (code: string, state: string): Page =>
  documentOf(
    'Copy this into your terminal',
    `<p>Code</p>\n<p><code>${escape(code)}</code></p>\n${
      state === '' ? '' : `<p>State</p>\n<p><code>${escape(state)}</code></p>\n`
    }<p class="soft">It works once, for a few minutes. Give it to nobody else.</p>`,
    closed,
  )
