/** What a person reads when something went wrong, and the status it goes with. */
import type { ClientErrorTag } from '@civitai-oauth/core/errors'

export interface Words {
  readonly status: number
  readonly title: string
  readonly sentence: string
}

export const words: Record<ClientErrorTag, Words> = {
  AttemptMissing: {
    status: 400,
    title: 'This sign-in was not started here',
    sentence:
      'This browser does not remember starting it: it may have begun in another browser or at another address, or cookies are blocked.',
  },
  AttemptExpired: {
    status: 400,
    title: 'That took too long',
    sentence: 'A sign-in waits fifteen minutes for an answer.',
  },
  AttemptUnsealable: {
    status: 400,
    title: 'This sign-in cannot be continued',
    sentence: 'The app was updated while you were signing in.',
  },
  AttemptUsed: { status: 400, title: 'This sign-in was finished already', sentence: 'Its answer counts once.' },
  StateMismatch: {
    status: 400,
    title: 'This answer belongs to another sign-in',
    sentence: 'It does not match what this browser asked for, so it was not used.',
  },
  IssuerMismatch: {
    status: 400,
    title: 'This answer came from somewhere else',
    sentence: 'It does not name the server that was asked, so it was not used.',
  },
  ConsentDenied: {
    status: 403,
    title: 'You did not allow access',
    sentence: 'Nothing was shared. You can go on without signing in, or try again.',
  },
  ServerRefused: {
    status: 502,
    title: 'The sign-in was refused',
    sentence: 'The authorization server did not accept the request of this app.',
  },
  CodeMissing: { status: 400, title: 'The answer is incomplete', sentence: 'The authorization server sent no code.' },
  ExchangeRefused: {
    status: 502,
    title: 'The sign-in could not be completed',
    sentence: 'The authorization server did not accept the answer it gave; it may have run out.',
  },
  ServerUnavailable: {
    status: 503,
    title: 'The sign-in service is busy',
    sentence: 'It did not answer. Nothing is lost: try again in a moment.',
  },
  SignInLoop: {
    status: 400,
    title: 'Signing in goes round in circles',
    sentence: 'This browser came back twice without being signed in. It may be blocking cookies.',
  },
  SessionTooLarge: {
    status: 500,
    title: 'The session does not fit',
    sentence: 'What this app wants to remember of you is larger than a browser keeps.',
  },
  OptionsInvalid: {
    status: 500,
    title: 'Sign-in is not set up yet',
    sentence: 'This app is missing a setting; its log says which.',
  },
  NotSignedIn: { status: 401, title: 'Please sign in', sentence: 'This needs to know who you are.' },
  ScopesMissing: { status: 403, title: 'This needs more permission', sentence: 'You can allow it, or go on without.' },
  CrossSiteRequest: {
    status: 403,
    title: 'This came from another site',
    sentence: 'Signing in and out starts on a page of this app.',
  },
  RefreshRefused: {
    status: 401,
    title: 'Your access ended',
    sentence: 'The authorization server no longer renews it. Sign in again to go on.',
  },
  StoreUnavailable: {
    status: 503,
    title: 'The session cannot be read',
    sentence: 'Where sessions are kept does not answer. Nothing is lost: try again in a moment.',
  },
  SpendRefused: {
    status: 402,
    title: 'The spend was refused',
    sentence: 'There is not enough buzz, or this app has reached its limit.',
  },
  OriginNotAllowed: {
    status: 500,
    title: 'This address gets no access token',
    sentence: 'The access token goes to the API and nowhere else.',
  },
}
