import { z } from 'zod'

/** Prefix of every public id. The part behind it is a ULID: sortable by creation, 26 characters. */
export const idPrefixes = {
  account: 'acct',
  apiKey: 'key',
  agreement: 'agr',
  partyClaim: 'pty',
  vatCheck: 'vck',
  rateAgreement: 'rag',
  splitPolicy: 'spl',
  splitItem: 'spi',
  splitGolden: 'spg',
  splitSimulation: 'spm',
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
  bankLine: 'bnk',
  openItem: 'opi',
  reconciliation: 'rec',
  fxClosing: 'fxc',
  incident: 'inc',
  policyPackage: 'pkg',
  policyFault: 'pft',
  driverGroup: 'grp',
  contract: 'ctr',
  accessRule: 'arl',
  platformSettings: 'pst',
  payment: 'pay',
  hold: 'hld',
  riskPolicy: 'rpo',
  pspAccount: 'psa',
  refund: 'ref',
  dispute: 'dsp',
  debt: 'dbt',
  invoice: 'inv',
  settlement: 'stl',
  bankAccount: 'bac',
  payout: 'po',
  payoutFile: 'pfl',
  payable: 'due',
  evidence: 'evp',
  event: 'evt',
  webhookEndpoint: 'we',
  webhookDelivery: 'whd',
  webhookReplay: 'whr',
  accessDenial: 'acd',
  request: 'req',
} as const

export type IdKind = keyof typeof idPrefixes

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

const pool = new Uint8Array(4_096)
let taken = pool.length

/** Sixteen random bytes; the system is asked for many at a time. */
function random16(): Uint8Array {
  if (taken === pool.length) {
    globalThis.crypto.getRandomValues(pool)
    taken = 0
  }
  taken += 16
  return pool.subarray(taken - 16, taken)
}

/** A fresh id. Uses the clock and randomness, so never inside workflow code: ids are made where rows are made. */
export function newId(kind: IdKind): string {
  let time = Date.now()
  let head = ''
  for (let i = 0; i < 10; i++) {
    head = alphabet.charAt(time % 32) + head
    time = Math.floor(time / 32)
  }
  return `${idPrefixes[kind]}_${head}${Array.from(random16(), (byte) => alphabet.charAt(byte % 32)).join('')}`
}

/** What the ids of a schema are ids of: an answer that names one leads to the operations that take one. */
export const idKinds = z.registry<{ kind: IdKind }>()

/** Contract schema of an id of this kind. */
export const zId = (kind: IdKind) =>
  z
    .string()
    .regex(new RegExp(`^${idPrefixes[kind]}_[0-9A-HJKMNP-TV-Z]{26}$`))
    .register(idKinds, { kind })
    .meta({ description: `Id with the prefix \`${idPrefixes[kind]}_\`.` })
