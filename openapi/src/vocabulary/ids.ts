import { z } from 'zod'

/** Prefix of every public id. The part behind it is a ULID: sortable by creation, 26 characters. */
export const idPrefixes = {
  account: 'acct',
  apiKey: 'key',
  agreement: 'agr',
  rateAgreement: 'rag',
  plan: 'pln',
  subscription: 'sub',
  reimbursementRate: 'rmr',
  connection: 'ocn',
  driver: 'drv',
  paymentSource: 'psrc',
  token: 'tok',
  location: 'loc',
  evse: 'evs',
  connector: 'con',
  tariff: 'trf',
  chargeStation: 'cs',
  quote: 'quo',
  session: 'ses',
  command: 'cmd',
  cdr: 'cdr',
  priceProof: 'prf',
  suspenseItem: 'sus',
  payment: 'pay',
  debt: 'dbt',
  invoice: 'inv',
  settlement: 'stl',
  payable: 'due',
  evidence: 'evp',
  event: 'evt',
  webhookEndpoint: 'we',
  webhookDelivery: 'whd',
  request: 'req',
} as const

export type IdKind = keyof typeof idPrefixes

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A fresh id. Uses the clock and randomness, so never inside workflow code: ids are made where rows are made. */
export function newId(kind: IdKind): string {
  let time = Date.now()
  let head = ''
  for (let i = 0; i < 10; i++) {
    head = alphabet.charAt(time % 32) + head
    time = Math.floor(time / 32)
  }
  const random = globalThis.crypto.getRandomValues(new Uint8Array(16))
  return `${idPrefixes[kind]}_${head}${Array.from(random, (byte) => alphabet.charAt(byte % 32)).join('')}`
}

/** Contract schema of an id of this kind. */
export const zId = (kind: IdKind) =>
  z
    .string()
    .regex(new RegExp(`^${idPrefixes[kind]}_[0-9A-HJKMNP-TV-Z]{26}$`))
    .meta({ description: `Id with the prefix \`${idPrefixes[kind]}_\`.` })
