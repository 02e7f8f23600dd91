/** The tab in DevTools: a page that asks for `state` and draws it. */
import { randomBytes } from 'node:crypto'
import { defineEventHandler, setResponseHeaders } from 'h3'
import { onlyHere } from './local.ts'
import { script } from './script.ts'

const style = `:root{color-scheme:light dark;font:14px/1.5 system-ui,sans-serif;--soft:light-dark(#545b66,#a3a9b4);--line:light-dark(#dfe2e7,#32363f)}
body{margin:0;padding:1.25rem;background:light-dark(#fff,#15171c);color:light-dark(#1a1d23,#e8eaee)}
h1{font-size:1.1rem;margin:0 0 1rem}h2{font-size:.95rem;margin:1.5rem 0 .5rem}p{margin:.25rem 0}
.soft,small,time{color:var(--soft)}code{font:12px/1.5 ui-monospace,monospace;overflow-wrap:anywhere}
ol,ul{list-style:none;margin:0;padding:0}#machine{display:flex;flex-wrap:wrap;gap:.4rem}
#machine li{padding:.2rem .7rem;border:1px solid var(--line);border-radius:1rem;color:var(--soft)}
#machine [aria-current]{background:#1864ab;border-color:#1864ab;color:#fff;font-weight:600}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem;margin:0}dt{color:var(--soft)}dd{margin:0;min-width:0}
#log li{display:grid;grid-template-columns:6rem 1fr;gap:.75rem;padding:.35rem 0;border-top:1px solid var(--line)}
button{font:inherit;padding:.1rem .6rem;margin-inline-start:.5rem;border:1px solid var(--line);border-radius:.4rem;background:none;color:inherit;cursor:pointer}
:focus-visible{outline:3px solid #4dabf7;outline-offset:2px}[role=alert]{color:light-dark(#b02525,#ff8f8f)}`

const html = (nonce: string) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in with Civitai</title><style nonce="${nonce}">${style}</style></head>
<body><main><h1>Session</h1><p id="who">…</p><ol id="machine" aria-live="polite" aria-label="States of the session machine"></ol>
<h2>Permissions</h2><ul id="scopes"></ul>
<h2>How the app has to be registered</h2><dl id="registration"></dl>
<h2>What happened</h2><ol id="log"></ol></main>
<script nonce="${nonce}">${script}</script></body></html>`

export default defineEventHandler((event) => {
  onlyHere(event)
  const nonce = randomBytes(16).toString('base64url')
  setResponseHeaders(event, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'`,
  })
  return html(nonce)
})
