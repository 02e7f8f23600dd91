/**
 * Devices waiting for a person who answers in a browser elsewhere: RFC 8628. Once the person agrees, the device's code is
 * redeemed like any other: `recordConsent` issues it under the device's hash.
 */

export interface KeptDevice {
  readonly clientId: string
  readonly requested: number
  readonly codeHash: Uint8Array
}

export type PollResult =
  | { readonly _tag: 'Waiting' }
  /** Asked again before the interval was over, which is now longer. */
  | { readonly _tag: 'TooSoon' }
  /** The person agreed: the code can be redeemed. */
  | { readonly _tag: 'Approved' }
  | { readonly _tag: 'Denied' }
  | { readonly _tag: 'Expired' }
  | { readonly _tag: 'Unknown' }

export interface DeviceStorage {
  begin(
    device: KeptDevice & {
      readonly userCodeHash: Uint8Array
      readonly expiresAt: number
      /** Seconds between two polls. */
      readonly interval: number
    },
  ): Promise<void>
  /** By the code the person types; `null` when it is unknown, answered or run out. */
  find(userCodeHash: Uint8Array, now: number): Promise<KeptDevice | null>
  poll(codeHash: Uint8Array, clientId: string, now: number): Promise<PollResult>
}
