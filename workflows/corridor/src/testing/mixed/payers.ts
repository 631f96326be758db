// The partners of the mixed world: paid out, giving their share away, paying on account or ahead, with plans and agreed prices.
import type { Db } from '@chargelane/db'
import { createPaymentSource, getOrCreateDriver } from '@chargelane/db/queries/partners/drivers'
import {
  insertRateAgreement,
  moveRateAgreement,
} from '@chargelane/db/queries/partners/rate-agreements'
import { putCreditLine } from '@chargelane/db/queries/plans/credit-lines'
import { insertPlan } from '@chargelane/db/queries/plans/plans'
import { insertSubscription } from '@chargelane/db/queries/plans/subscriptions'
import { money } from '@chargelane/rules/money'
import { openPrepaid, payIn } from '../../books/prepaid.ts'
import { at, openAccount, type Operator } from './operators.ts'

export const payerKinds = [
  'card',
  'usd',
  'discount',
  'account',
  'prepaid',
  'plan',
  'agreed',
] as const
export type PayerKind = (typeof payerKinds)[number]

export type Payer = {
  kind: PayerKind
  partnerId: string
  /** One for each driver. */
  sources: string[]
}

const currencies = ['EUR', 'CHF', 'GBP']
const plenty = 100_000_000

async function fund(db: Db, kind: PayerKind, accountId: string, now: string): Promise<void> {
  for (const currency of currencies) {
    if (kind === 'account')
      await db.tx((tx) => putCreditLine(tx, { accountId, limit: money(plenty, currency), at: now }))
    if (kind !== 'prepaid') continue
    await openPrepaid(db, { accountId, lowBelow: money(0, currency), now })
    const paidIn = { account: accountId, amount: money(plenty, currency), received_at: now }
    const reference = `IN-${accountId}-${currency}`
    await payIn(db, { ...paidIn, reference }, { keyId: 'key_1', now })
  }
}

/** A monthly allowance at home, with the public price after it. */
async function subscribe(db: Db, partnerId: string, drivers: string[], now: string): Promise<void> {
  await db.tx(async (tx) => {
    const plan = await insertPlan(tx, {
      ownerId: partnerId,
      ownerType: 'partner',
      name: 'Pendler',
      country: 'DE',
      currency: 'EUR',
      feeMinor: 990,
      terms: { included_kwh: '35', included: ['ENERGY'], overage: { kind: 'public' } },
      at: now,
    })
    for (const driverId of drivers)
      await insertSubscription(tx, {
        accountId: partnerId,
        driverId,
        planId: plan.id,
        planVersion: plan.version,
        ownerId: partnerId,
        startsOn: now.slice(0, 10),
        timeZone: 'UTC',
        at: now,
      })
  })
}

/** Every operator grants an eighth off its energy, and a little off everything else. */
async function agree(db: Db, partnerId: string, operators: readonly Operator[]): Promise<void> {
  for (const { cpoId } of operators) {
    const made = await insertRateAgreement(db, {
      cpoId,
      partnerId,
      proposedBy: cpoId,
      name: 'fleet',
      justification: 'volume',
      terms: {
        price: {
          kind: 'discount',
          discount_bps: { ENERGY: 1_250, TIME: 333, PARKING_TIME: 500, FLAT: 1_000 },
        },
      },
      evses: null,
      locations: null,
      effectiveFrom: at,
      effectiveTo: null,
      status: 'proposed',
      at,
    })
    await db.tx((tx) =>
      moveRateAgreement(tx, made, ['proposed'], {
        status: 'active',
        activeFrom: at,
        decidedAt: at,
      }),
    )
  }
}

/** A partner that pays so, with its drivers. */
export async function openPayer(
  db: Db,
  kind: PayerKind,
  { operators, drivers, now }: { operators: readonly Operator[]; drivers: number; now: string },
): Promise<Payer> {
  const partner = await openAccount(db, {
    name: `partner ${kind}`,
    type: 'partner',
    country: kind === 'usd' ? 'FR' : 'DE',
    payoutCurrency: kind === 'usd' ? 'USD' : 'EUR',
    partnerShareBps: kind === 'usd' ? 5_000 : 3_000,
    benefitMode: kind === 'discount' ? 'discount' : 'revenue_share',
    ...(kind === 'usd' ? { isChecked: true } : {}),
  })
  const [sources, driverIds]: [string[], string[]] = [[], []]
  const isOwn = kind === 'account' || kind === 'prepaid'
  for (let number = 0; number < drivers; number++) {
    const driver = await getOrCreateDriver(db, partner.id, `driver-${number}`, at)
    const source = await createPaymentSource(db, {
      accountId: partner.id,
      driverId: driver.id,
      kind: isOwn ? kind : 'card',
      pspPaymentMethod: isOwn ? null : 'pm_card_visa',
      at,
    })
    driverIds.push(driver.id)
    sources.push(source.id)
  }
  await fund(db, kind, partner.id, now)
  if (kind === 'plan') await subscribe(db, partner.id, driverIds, now)
  if (kind === 'agreed') await agree(db, partner.id, operators)
  return { kind, partnerId: partner.id, sources }
}
