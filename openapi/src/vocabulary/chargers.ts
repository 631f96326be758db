/**
 * The name of a charger in its URL: identifierString of OCPP (2.0.1 part 2 §2.1), and blanks within it as in the example
 * of OCPP-J 1.6 §3.1.1, `RDAM%20123`.
 */
export const chargerIdentity =
  /^[A-Za-z0-9*_=:+|@.-](?:[A-Za-z0-9*_=:+|@. -]{0,46}[A-Za-z0-9*_=:+|@.-])?$/

export const chargerIdentityText =
  '1 to 48 letters, digits or * _ = : + | @ . - with blanks only within'
