/** What runs in the tab in DevTools. Everything is drawn as text. */
import type { Session } from '@civitai-oauth/client'

/** Every state of the session machine, in the order a session goes through them. */
const states: Readonly<Record<Session['state'], true>> = {
  SignedOut: true,
  SignedIn: true,
  Refreshing: true,
  TryLater: true,
  SteppingUp: true,
  Ending: true,
  Expired: true,
  Restoring: true,
}

export const script = `
const states = ${JSON.stringify(Object.keys(states))}
const byId = (id) => document.getElementById(id)
const make = (tag, ...children) => {
  const element = document.createElement(tag)
  element.append(...children)
  return element
}
const clock = (at) => new Date(at).toLocaleTimeString()
const left = (at) => {
  const seconds = Math.round((at - Date.now()) / 1000)
  return seconds > 0 ? 'in ' + Math.floor(seconds / 60) + ' min ' + (seconds % 60) + ' s' : 'now'
}
const copy = (text) => {
  const button = make('button', 'Copy')
  button.type = 'button'
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(text)
    button.textContent = 'Copied'
  })
  return button
}
const told = (entry) =>
  entry.kind === 'state'
    ? [entry.user + ': ' + (entry.from ? entry.from + ' → ' : '') + entry.to + ' ', make('small', entry.path)]
    : [
        make('strong', entry.event.type),
        ' ',
        make(
          'small',
          Object.entries(entry.event)
            .filter(([name]) => name !== 'type')
            .map(([name, value]) => name + ': ' + value)
            .join(', '),
        ),
      ]

let drawn = ''
const draw = (shown) => {
  byId('who').textContent =
    (shown.user ? shown.user + ' is ' + shown.status : 'Nobody is signed in') +
    (shown.expiresAt ? ', the access token runs out ' + left(shown.expiresAt) : '') + '.'
  const now = JSON.stringify({ ...shown, expiresAt: 0 })
  // Drawn anew only when something is new: focus and selections stay.
  if (now === drawn) return
  drawn = now
  byId('machine').replaceChildren(
    ...states.map((state) => {
      const item = make('li', state)
      if (state === shown.state) item.setAttribute('aria-current', 'true')
      return item
    }),
  )
  byId('scopes').replaceChildren(
    ...(shown.scopes.length > 0
      ? shown.scopes.map(({ scope, label }) => make('li', label + ' ', make('small', scope)))
      : [make('li', 'None.')]),
  )
  const { registration } = shown
  if (registration)
    byId('registration').replaceChildren(
      make('dt', 'Redirect URI'), make('dd', make('code', registration.redirectUri), copy(registration.redirectUri)),
      make('dt', 'Client id'), make('dd', make('code', registration.clientId)),
      make('dt', 'Permissions'), make('dd', make('code', registration.scopes.join(' '))),
      make('dt', 'At'), make('dd', make('code', registration.issuer)),
    )
  else {
    const alert = make('dd', shown.problem)
    alert.setAttribute('role', 'alert')
    byId('registration').replaceChildren(make('dt', 'Sign-in cannot begin'), alert)
  }
  byId('log').replaceChildren(
    ...(shown.log.length > 0
      ? shown.log.map((entry) => make('li', make('time', clock(entry.at)), make('span', ...told(entry))))
      : [make('li', make('span', 'Nothing yet.'))]),
  )
}
const ask = async () => {
  if (document.visibilityState !== 'visible') return
  const answer = await fetch(location.pathname.replace(/[/]+$/, '') + '/state').catch(() => undefined)
  if (answer && answer.ok) draw(await answer.json())
}
ask()
setInterval(ask, 2000)
`
