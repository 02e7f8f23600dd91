/** The session machine's states, in the words of the side panel. */
export const states = [
  { tag: 'SignedOut', means: 'Nobody is signed in.' },
  { tag: 'SignedIn', means: 'The access token is good.' },
  { tag: 'Refreshing', means: 'A new pair of tokens is on its way.' },
  { tag: 'TryLater', means: 'The server is busy; the session goes on.' },
  { tag: 'SteppingUp', means: 'One more permission is being asked for.' },
  { tag: 'Ending', means: 'No more renewals; the access token lives on.' },
  { tag: 'Expired', means: 'Both tokens are spent.' },
  { tag: 'Restoring', means: 'Asking for the session back, without a page.' },
] as const
