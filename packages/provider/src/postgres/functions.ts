/**
 * The protocol's operations that look before they write, each as one function: one statement to the caller, one
 * transaction to everybody else. The row that callers race for is locked first, so the loser sees what the winner did.
 */
import { appsFunctions } from './functions/apps.ts'
import { auditFunctions } from './functions/audit.ts'
import { consentsFunctions } from './functions/consents.ts'
import { devicesFunctions } from './functions/devices.ts'
import { peopleFunctions } from './functions/people.ts'
import { tokensFunctions } from './functions/tokens.ts'
import { upkeepFunctions } from './functions/upkeep.ts'
import { verificationFunctions } from './functions/verification.ts'
import { walletFunctions } from './functions/wallet.ts'

export const functions = [
  ...auditFunctions,
  ...consentsFunctions,
  ...tokensFunctions,
  ...devicesFunctions,
  ...appsFunctions,
  ...walletFunctions,
  ...peopleFunctions,
  ...verificationFunctions,
  ...upkeepFunctions,
].join('\n')
