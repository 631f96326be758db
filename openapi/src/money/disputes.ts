import { z } from 'zod'
import { zIdParam, zInstant, zMoney, zPositiveAmount } from '../common.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import {
  cpoDisputeReasons,
  disputeActions,
  disputeBearers,
  disputeDeciders,
  disputeKinds,
  disputeOutcomes,
  disputeReasons,
  disputeStatuses,
  driverDisputeReasons,
  zDisputeFact,
} from '../vocabulary/settlement/disputes.ts'
import { zId } from '../vocabulary/ids.ts'
import { zText, zWords } from '../vocabulary/text.ts'
import { zWhy } from './decisions.ts'

const zStatus = z.enum(disputeStatuses).meta({
  description:
    '`won` and `lost` are said of whoever disputes; of a `chargeback` they are the provider’s words, of us. `settled`: a part was granted, it was withdrawn, or nothing is left to decide.',
})

/** A figure of a split, and how it came about. */
const zRecomputedLine = z.object({
  line: z.string().max(80),
  formula: z.string().max(300),
  booked: zMoney,
  recomputed: zMoney,
  difference: zMoney,
})

const zRecomputation = z
  .object({
    policy: z.object({ id: z.string().max(80), version: z.string().max(80) }),
    inputs: z.array(zDisputeFact).max(200),
    lines: z.array(zRecomputedLine).max(200),
    equal: z.boolean().meta({ description: 'Every figure is what its inputs give.' }),
    difference: zMoney.meta({ description: 'Of what the payee is owed in all.' }),
  })
  .meta({
    id: 'SplitRecomputation',
    description: 'A sale’s split computed again from what was kept, line by line.',
  })

export const zDispute = z
  .object({
    id: zId('dispute'),
    kind: z.enum(disputeKinds).meta({
      description:
        '`driver`: a driver disputes what a session cost. `chargeback`: the payer’s bank took captured money back. `cpo`: an operator disputes what it was left with of a session; `statement`: a payee disputes a line of a settlement.',
    }),
    status: zStatus,
    reason: z.enum(disputeReasons),
    session: zId('session'),
    payment: zId('payment').nullable(),
    settlement: zId('settlement').nullable(),
    amount: zMoney.meta({ description: 'What is disputed, at most what was charged.' }),
    opened_by: zId('account').nullable().meta({ description: 'Null for the payer’s bank.' }),
    outcome: z.enum(disputeOutcomes).nullable(),
    decided_by: z.enum(disputeDeciders).nullable(),
    decided_amount: zMoney.nullable().meta({
      description: 'What it moved: to the driver, to the payee, or what the bank kept.',
    }),
    explanation: z.string().max(1_000).nullable().meta({ description: 'Why, in words.' }),
    driver_message: z
      .object({ en: z.string().max(400), de: z.string().max(400) })
      .nullable()
      .meta({ description: 'What to show the driver; kind `driver` only.' }),
    facts: z
      .array(zDisputeFact)
      .max(100)
      .meta({ description: 'What the decision was read from, as it was kept.' }),
    recomputation: zRecomputation.nullable(),
    bearer: z.enum(disputeBearers).nullable().meta({
      description:
        'Who bears what was decided: every party of the sale in proportion (`sale`), or one of them.',
    }),
    next_action: z.enum(disputeActions).nullable(),
    contest_until: zInstant.nullable().meta({
      description:
        'Until when the operator may answer with its own data; of a chargeback, when our evidence goes to the provider.',
    }),
    deadline: zInstant.nullable().meta({
      description: 'By when it is decided, or by when the provider takes evidence.',
    }),
    evidence: z
      .array(
        z.object({
          by: z.enum(['opener', 'operator', 'platform']),
          text: z.string().max(2_000),
          facts: z.array(zDisputeFact).max(50),
          at: zInstant,
        }),
      )
      .max(50)
      .meta({ description: 'What was said by whoever takes part; no rule reads it.' }),
    submitted_at: zInstant
      .nullable()
      .meta({ description: 'When the provider had our evidence of a chargeback.' }),
    provider_reference: z.string().max(120).nullable(),
    provider_fee: zMoney.nullable(),
    refunds: z.array(zId('refund')).max(50),
    credit_note: zId('invoice').nullable(),
    ledger_entries: z
      .array(z.int())
      .max(50)
      .meta({ description: 'Ids of what was booked; empty for whom the books are not.' }),
    created_at: zInstant,
    updated_at: zInstant,
    closed_at: zInstant.nullable(),
  })
  .meta({
    id: 'Dispute',
    description:
      'Somebody does not agree with money of a session. Where the kept facts are clear it is decided at once, by rule; else a person decides within two business days.',
  })

const dispute = (status: 200 | 201, description: string) =>
  ({ status, kind: 'json', description, body: zDispute }) as const

const zFacts = z
  .array(z.strictObject({ fact: zText(60), value: zText(400) }))
  .max(20)
  .default([])

export const disputes = {
  create: operation({
    id: 'disputes.create',
    method: 'post',
    path: '/v1/disputes',
    summary: 'Open a dispute',
    description:
      'A partner opens `driver` for its driver; an operator `cpo` about a session it served; any payee `statement` about a session on one of its settlements. Facts are read from what was kept of the session, never from the request: what they decide is decided in this answer. A session has at most one live dispute of a kind. Until 13 months after the session’s end.',
    scope: 'disputes:write',
    body: z
      .strictObject({
        kind: z.enum(['driver', 'cpo', 'statement']),
        session: zId('session'),
        reason: z.enum([...driverDisputeReasons, ...cpoDisputeReasons]),
        settlement: zId('settlement').optional().meta({
          description: 'Kind `statement`: the settlement whose line it is.',
        }),
        amount: zPositiveAmount.optional().meta({
          description: 'What is disputed; all that was charged, or paid, when absent.',
        }),
        comment: zWords(2_000).optional().meta({
          description: 'For a person who has to decide; no rule reads it.',
        }),
      })
      .meta({ id: 'DisputeCreate' }),
    success: dispute(201, 'The dispute, decided where the facts are clear.'),
    errors: ['resource_missing', 'invalid_transition', 'service_unavailable'],
    idempotent: true,
  }),
  get: operation({
    id: 'disputes.get',
    method: 'get',
    path: '/v1/disputes/{id}',
    summary: 'Read a dispute',
    description: 'With what it rests on, what is waited for, and what it led to.',
    scope: 'money:read',
    params: zIdParam('dispute'),
    success: dispute(200, 'The dispute.'),
    errors: [],
    idempotent: false,
  }),
  list: operation({
    id: 'disputes.list',
    method: 'get',
    path: '/v1/disputes',
    summary: 'List disputes',
    description:
      'Newest first: a partner and an operator those of their sessions, a payee its own; finance and the platform see all.',
    scope: 'money:read',
    query: zPage.extend({
      kind: z.enum(disputeKinds).optional(),
      status: zStatus.optional(),
      session: zId('session').optional(),
    }),
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of disputes.',
      body: zListOf('DisputeList', zDispute),
    },
    errors: [],
    idempotent: false,
  }),
  submit_evidence: operation({
    id: 'disputes.submit_evidence',
    method: 'post',
    path: '/v1/disputes/{id}/submit_evidence',
    summary: 'Add to a dispute what you know of it',
    description:
      'While it is live. The operator of the session contests a driver’s dispute so, until `contest_until`; then a person decides. What a chargeback is given goes to the provider with the pack’s own evidence, while that has not been sent.',
    scope: 'disputes:write',
    params: zIdParam('dispute'),
    body: z.strictObject({ text: zWords(2_000), facts: zFacts }).meta({ id: 'DisputeEvidence' }),
    success: dispute(200, 'The dispute.'),
    errors: ['resource_missing', 'invalid_transition'],
    idempotent: true,
  }),
  withdraw: operation({
    id: 'disputes.withdraw',
    method: 'post',
    path: '/v1/disputes/{id}/withdraw',
    summary: 'Withdraw a dispute',
    description:
      'By whoever opened it, while it is live: nothing changes, and the same may be disputed again. A chargeback is its bank’s to withdraw.',
    scope: 'disputes:write',
    params: zIdParam('dispute'),
    success: dispute(200, 'The dispute.'),
    errors: ['resource_missing', 'invalid_transition'],
    idempotent: true,
  }),
  decide: operation({
    id: 'disputes.decide',
    method: 'post',
    path: '/v1/disputes/{id}/decide',
    summary: 'Decide a dispute',
    description:
      'What no rule decided. `full` and `partial` give the driver money back the way it came, with a credit note; to an operator or payee they are an adjustment that two keys have to want. Never more than was charged.',
    scope: 'settlements:run',
    params: zIdParam('dispute'),
    body: z
      .strictObject({
        outcome: z.enum(['full', 'partial', 'none']),
        amount: zPositiveAmount.optional().meta({
          description: 'With `partial`: what the driver gets back, or the payee gets.',
        }),
        bearer: z.enum(['sale', 'platform']).default('sale').meta({
          description: '`platform`: the operator keeps its share of what goes back.',
        }),
        reason: zWhy,
      })
      .meta({ id: 'DisputeDecide' }),
    success: dispute(200, 'The dispute, decided or still waiting for a second key.'),
    errors: ['resource_missing', 'invalid_transition', 'service_unavailable'],
    idempotent: true,
  }),
}
