/** The few pages this server draws itself: errors, and a device's code. They load nothing and run nothing. */
import { createHash } from 'node:crypto'
import { shownText } from '@civitai-oauth/core/shown-text'
import { type Refusal, rows } from './refusal.ts'

// The portal's own colours and measures (`apps/portal/src/styles/tokens.css`), so that leaving it for a page of this
// server looks like going on.
const style = `
:root { color-scheme: light dark; --ground: #f5f6f8; --surface: #fff; --sunken: #eef0f4; --line: #dce0e7; --control: #7c8595;
  --text: #171b24; --soft: #4f5868; --accent: #2352cf; --on-accent: #fff; --danger: #b0271c }
@media (prefers-color-scheme: dark) {
  :root { --ground: #121419; --surface: #1a1d24; --sunken: #14171d; --line: #2f3540; --control: #747f92;
    --text: #e9ebf0; --soft: #aab3c2; --accent: #93b3ff; --on-accent: #0c1733; --danger: #ff9d92 }
}
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; padding: clamp(1.5rem, 8vh, 6rem) 1rem 1.5rem; background: var(--ground);
  color: var(--text); font: 1rem/1.55 system-ui, sans-serif }
main { width: 100%; max-width: 34rem; margin: 0 auto; padding: clamp(1rem, 3vw, 1.5rem); background: var(--surface);
  border: 1px solid var(--line); border-radius: .875rem; overflow-wrap: anywhere }
h1 { margin: 0 0 .75rem; font-size: 1.4rem; line-height: 1.25; letter-spacing: -.011em }
p { margin: 0 0 1rem }
.soft { color: var(--soft); font-size: .875rem }
code { padding: .1rem .4rem; font: .92em ui-monospace, monospace; background: var(--sunken); border-radius: .4rem;
  user-select: all }
label { display: block; margin-bottom: .5rem; font-weight: 600 }
#wrong { color: var(--danger) }
input { width: 100%; min-height: 2.75rem; padding: .5rem .75rem; font: 1.25rem ui-monospace, monospace;
  letter-spacing: .1em; color: inherit; background: var(--surface); border: 1px solid var(--control); border-radius: .5rem }
button { min-height: 2.75rem; margin: 1rem 0; padding: .5rem 1.1rem; font: inherit; font-weight: 600;
  color: var(--on-accent); background: var(--accent); border: 0; border-radius: .5rem; cursor: pointer }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
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

/** What stands among our words and may hold another's: it rearranges nothing around it. A value to copy stays whole. */
const prose = (text: string): string => escape(shownText(text))

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
<title>${prose(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${prose(title)}</h1>
${inner}
</main>
</body>
</html>
`,
})

const closed = policyOf("'none'")

/** A title and what there is to say. */
export const page = (title: string, paragraphs: readonly string[]): Page =>
  documentOf(title, paragraphs.map((text) => `<p>${prose(text)}</p>`).join('\n'), closed)

export const errorPage = (refused: Refusal): Page => {
  const { title, mend, error } = rows[refused._tag]
  const said = refused.because === undefined ? [mend] : [refused.because, mend]
  const code = `<p class="soft">Nothing was shared with the app. Its makers will want this code: <code>${escape(error)}</code></p>`
  return documentOf(title, [...said.map((text) => `<p>${prose(text)}</p>`), code].join('\n'), closed)
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
