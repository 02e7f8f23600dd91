/** The Effect side of core: services, layers, and the interpreters that carry the machines' commands out. */
export * from './interpreter.ts'
export * from './services.ts'
export { type OnTokens, type Wish, begin, comeBack, signIn } from './sign-in.ts'
export { type OnAuthorize, type SessionInterpreter, session } from './session.ts'
export * as Policy from './policy.ts'
