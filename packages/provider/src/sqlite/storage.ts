/** Every operation over one open, migrated SQLite. */
import type { Storage } from '../storage/storage.ts'
import { apiKeyStorage } from './api-keys.ts'
import { appStorage, secretStorage } from './apps.ts'
import { auditStorage } from './audit.ts'
import { consentStorage, grantStorage } from './consents.ts'
import { deviceStorage } from './devices.ts'
import type { Engine } from './engine.ts'
import { peopleStorage, sessionStorage } from './people.ts'
import { postStorage } from './posts.ts'
import { tokenStorage } from './tokens.ts'
import { upkeep } from './upkeep.ts'
import { verificationStorage } from './verification.ts'
import { walletStorage } from './wallet.ts'

export const storageOf = (engine: Engine): Storage => ({
  people: peopleStorage(engine),
  sessions: sessionStorage(engine),
  apps: appStorage(engine),
  secrets: secretStorage(engine),
  consents: consentStorage(engine),
  grants: grantStorage(engine),
  devices: deviceStorage(engine),
  tokens: tokenStorage(engine),
  apiKeys: apiKeyStorage(engine),
  wallet: walletStorage(engine),
  posts: postStorage(engine),
  verification: verificationStorage(engine),
  audit: auditStorage(engine),
  upkeep: upkeep(engine),
})
