import { z } from 'zod'
import { zInstant, zIdParam } from '../common.ts'
import { zConnection } from '../supply/connections.ts'
import { zDebt } from '../money/debts.ts'
import { zPayout } from '../money/payouts.ts'
import { zBankAccount } from '../money/bank-accounts.ts'
import { zInvoice, zSettlement } from '../money/documents.ts'
import { zDispute } from '../money/disputes.ts'
import { zSplitItem, zSplitPolicy } from '../money/split-policies.ts'
import { zSuspenseItem } from '../money/suspense.ts'
import { zIncident } from '../operations/incidents.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import { zPrepaidBalance } from '../money/prepaid-balances.ts'
import { zCreditLine, zPlan } from '../plans/plans.ts'
import { zContract } from '../plans/contracts.ts'
import { zPolicyPackage } from '../plans/policy-packages.ts'
import { zPriceProof } from '../sales/price-proofs.ts'
import { zDistributionAgreement } from './agreements.ts'
import { zRateAgreement } from '../plans/rate-agreements.ts'
import { zHold } from '../money/holds.ts'
import { zPayment } from '../money/payments.ts'
import { zCdr, zEvidence, zSession } from '../sales/sessions.ts'
import { zSubscription } from '../plans/subscriptions.ts'
import { zTariff } from '../supply/tariffs.ts'
import { zId } from '../vocabulary/ids.ts'
import { eventOf, zEventPatterns, zWebhookEndpointEvent } from './webhooks.ts'

/** One member per object; which type has which stands in `eventObjects`. */
export const zEvent = z
  .discriminatedUnion('type', [
    eventOf('Session', zSession),
    eventOf('Payment', zPayment),
    eventOf('Hold', zHold),
    eventOf('Cdr', zCdr),
    eventOf('PriceProof', zPriceProof),
    eventOf('Invoice', zInvoice),
    eventOf('Evidence', zEvidence),
    eventOf('Settlement', zSettlement),
    eventOf('BankAccount', zBankAccount),
    eventOf('Payout', zPayout),
    eventOf('Tariff', zTariff),
    eventOf('Connection', zConnection),
    eventOf('DistributionAgreement', zDistributionAgreement),
    eventOf('RateAgreement', zRateAgreement),
    eventOf('SplitPolicy', zSplitPolicy),
    eventOf('SplitItem', zSplitItem),
    eventOf('Plan', zPlan),
    eventOf('Contract', zContract),
    eventOf('PolicyPackage', zPolicyPackage),
    eventOf('Subscription', zSubscription),
    eventOf('CreditLine', zCreditLine),
    eventOf('PrepaidBalance', zPrepaidBalance),
    eventOf('Debt', zDebt),
    eventOf('SuspenseItem', zSuspenseItem),
    eventOf('Dispute', zDispute),
    eventOf('Incident', zIncident),
    zWebhookEndpointEvent,
  ])
  .meta({
    id: 'Event',
    description:
      'Something that happened; the body of a webhook. `data` is the object its `type` names, as it was at this event and as reading it then would have shown it to you; of a record `raw` is left out.',
  })

export const events = {
  list: operation({
    id: 'events.list',
    method: 'get',
    path: '/v1/events',
    summary: 'Read the event log',
    description: 'Oldest first; keep `next_cursor` to go on where you stopped. Kept 30 days.',
    scope: 'events:read',
    query: zPage,
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of events.',
      body: zListOf('EventList', zEvent),
    },
    errors: [],
    idempotent: false,
  }),
  get: operation({
    id: 'events.get',
    method: 'get',
    path: '/v1/events/{id}',
    summary: 'Read an event',
    description: 'Exactly as it was sent.',
    scope: 'events:read',
    params: zIdParam('event'),
    success: { status: 200, kind: 'json', description: 'The event.', body: zEvent },
    errors: [],
    idempotent: false,
  }),
  replay: operation({
    id: 'events.replay',
    method: 'post',
    path: '/v1/events/replay',
    summary: 'Send events again',
    description:
      'Sends the events of a span of time once more to every enabled endpoint that subscribes to them, or to one. A long span goes out page by page, some 20 events a second for each endpoint, and news of today is not held up by it.',
    scope: 'events:read',
    body: z
      .strictObject({
        from: zInstant,
        to: zInstant,
        types: zEventPatterns.optional(),
        webhook_endpoint: zId('webhookEndpoint').optional(),
      })
      .refine((body) => body.from < body.to, { path: ['to'], message: 'must be after from' })
      .meta({ id: 'EventReplay' }),
    success: {
      status: 202,
      kind: 'json',
      description: 'How many deliveries will be made.',
      body: z.object({ deliveries: z.int().min(0) }).meta({ id: 'EventReplayed' }),
    },
    errors: [],
    idempotent: true,
  }),
}
