import { type MouseEvent, useSyncExternalStore } from 'react'

const subscribe = (listener: () => void) => {
  addEventListener('popstate', listener)
  return () => removeEventListener('popstate', listener)
}

/** The page that the address names. A small app needs no more of a router. */
export const usePath = () => useSyncExternalStore(subscribe, () => location.pathname)

/** Follows a link of ours without loading the page anew. */
export const follow = (event: MouseEvent<HTMLAnchorElement>) => {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return
  event.preventDefault()
  history.pushState(null, '', event.currentTarget.href)
  dispatchEvent(new PopStateEvent('popstate'))
}
