/** Who is who: accounts, parties and EVSEs. */

/** `review`: the platform has to look first; nothing is sold to or by it, and nothing is paid to it. */
export const accountVerifications = ['verified', 'review'] as const
export type AccountVerification = (typeof accountVerifications)[number]

/** Why an account is in review. */
export const verificationReasons = [
  // Nobody has looked yet: outside the sandbox every account begins so.
  'not_yet_verified',
  // Another verified account has this name, or this VAT number.
  'name_in_use',
  'vat_id_in_use',
  // Its VAT number is somebody's with another name.
  'vat_name_differs',
] as const
export type VerificationReason = (typeof verificationReasons)[number]

/** How a VAT number counts: in its own country, or by a one-stop shop in others too. */
export const taxSchemes = ['local', 'oss'] as const
export type TaxScheme = (typeof taxSchemes)[number]

/** `granted`: used with the leave of the platform beside its owner, as a hub does. */
export const partyClaimKinds = ['own', 'granted'] as const
export type PartyClaimKind = (typeof partyClaimKinds)[number]

export const partyClaimStatuses = ['verified', 'review', 'refused', 'ended'] as const
export type PartyClaimStatus = (typeof partyClaimStatuses)[number]

/**
 * What an EVSE is known by: its EVSE-ID; nothing but our id, because its operator gave it none or one that another of its
 * EVSEs has; or an EVSE-ID of an operator it is not proven to be of, which is not sold.
 */
export const evseIdentities = ['evse_id', 'own_id', 'unproven'] as const
export type EvseIdentity = (typeof evseIdentities)[number]
