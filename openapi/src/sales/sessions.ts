import { z } from 'zod'
import {
  zCurrency,
  zCreatedAt,
  zDriver,
  zExternalId,
  zIdParam,
  zInstant,
  zLivemode,
  zMetadata,
  zMoney,
} from '../common.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import { zDispute, zPriceProof } from './price-proofs.ts'
import { zId } from '../vocabulary/ids.ts'
import { zLiable } from '../vocabulary/parties.ts'
import {
  zConnectivity,
  zEndReason,
  zMoneyStatus,
  zRecordStatus,
  zSessionStatus,
} from '../vocabulary/status.ts'

const zTotals = z
  .object({ excl_tax: zMoney, tax: zMoney, incl_tax: zMoney })
  .meta({ id: 'SessionTotals', description: 'What the driver pays, after the record was checked.' })

export const zSession = z
  .object({
    id: zId('session'),
    external_id: z.string().max(64).nullable(),
    sequence: z
      .int()
      .min(0)
      .meta({ description: 'Grows by one with each change. Drop what is older than you have.' }),
    status: zSessionStatus,
    connectivity: zConnectivity,
    record_status: zRecordStatus,
    money_status: zMoneyStatus,
    account: zId('account').meta({ description: 'The partner.' }),
    cpo: zId('account').meta({ description: 'The operator.' }),
    driver: zDriver
      .nullable()
      .meta({ description: "Null for the operator, who need not know the partner's drivers." }),
    channel: z.string().max(20),
    evse: zId('evse'),
    evse_id: z.string().max(48),
    connector: zId('connector'),
    quote: zId('quote'),
    currency: zCurrency,
    energy_wh: z.int().min(0).meta({ description: 'Delivered so far, whole Wh.' }),
    power_w: z
      .int()
      .nullable()
      .meta({ description: 'Watts at `measured_at`, where they are told.' }),
    cost_so_far: zMoney.nullable().meta({
      description:
        'What the energy until `measured_at` costs, tax included, by the function that rates the record.',
    }),
    measured_at: zInstant.nullable().meta({
      description:
        'When the charger read its meter last. Shown, like power and cost so far, while it charges and is read, alone or in a list; null in events.',
    }),
    energy_is_estimate: z
      .boolean()
      .meta({ description: 'True until a charge detail record is accepted.' }),
    started_at: zInstant.nullable(),
    ended_at: zInstant.nullable(),
    end_reason: zEndReason.nullable(),
    failure: z
      .looseObject({ code: z.string().max(60) })
      .nullable()
      .meta({ description: 'Why the session did not start: code, reason, detail, alternatives.' }),
    totals: zTotals.nullable(),
    hold: z
      .object({
        payment: zId('payment'),
        amount: zMoney,
        status: z.string().max(30),
        captured: zMoney.nullable(),
        released_at: zInstant.nullable(),
      })
      .nullable()
      .meta({
        description:
          'All that is held for the session, by its newest payment: a hold may be raised, or a second one taken. Null before it was asked for.',
      }),
    cdr: zId('cdr').nullable(),
    invoice: zId('invoice').nullable(),
    evidence_ready: z.boolean().meta({ description: 'True when the evidence pack can be read.' }),
    settlement: z.object({
      sla_deadline: zInstant.nullable().meta({ description: '48 hours after the session ended.' }),
      settled_at: zInstant.nullable(),
    }),
    offline_liability: zLiable.nullable(),
    metadata: z.record(z.string().max(40), z.string().max(500)),
    livemode: zLivemode,
    created_at: zCreatedAt,
    updated_at: zInstant,
  })
  .meta({ id: 'Session', description: 'One charging session, from authorization to settlement.' })

const zSessionCreate = z
  .strictObject({
    quote: zId('quote'),
    external_id: zExternalId.optional(),
    metadata: zMetadata.optional(),
  })
  .meta({ id: 'SessionCreate' })

const zTimelineEntry = z
  .object({
    at: zInstant,
    room: z.string().max(40).meta({ description: 'Part of the corridor, or `supply`.' }),
    what: z.string().max(200),
    detail: z.record(z.string().max(80), z.unknown()),
  })
  .meta({ id: 'TimelineEntry', description: 'One thing that happened to a session.' })

const zTimeline = z
  .object({ session: zId('session'), data: z.array(zTimelineEntry).max(5_000) })
  .meta({ id: 'Timeline', description: 'Everything that happened, in order of time.' })

export const zSessionStreamEvent = z
  .discriminatedUnion('type', [
    z
      .object({ type: z.literal('session'), session: zSession })
      .meta({ id: 'SessionChanged', description: 'The session as it is now.' }),
    z
      .object({
        type: z.literal('meter'),
        at: zInstant,
        energy_wh: z.int().min(0).meta({ description: 'Delivered so far, whole Wh.' }),
        power_w: z.int().nullable().meta({ description: 'Watts now; null when not reported.' }),
        soc_percent: z.int().min(0).max(100).nullable(),
        running_cost: zMoney.nullable().meta({
          description: 'Cost so far including VAT, by the same function that rates the record.',
        }),
      })
      .meta({ id: 'SessionMeter', description: 'A new meter value.' }),
    z
      .object({ type: z.literal('end') })
      .meta({ id: 'SessionStreamEnd', description: 'Nothing more will come; do not reconnect.' }),
  ])
  .meta({ id: 'SessionStreamEvent', description: 'One message of a session stream.' })

export const sessions = {
  create: operation({
    id: 'sessions.create',
    method: 'post',
    path: '/v1/sessions',
    summary: 'Start a session',
    description:
      'Uses an open quote: authorizes the payment, then tells the charger to start. The answer comes when the payment is decided, so `402` means that nothing was started and nothing is held. From then on follow the session by webhook, stream or polling. An expired quote never starts: `quote_expired` carries `new_quote` for the driver to agree to.',
    scope: 'sessions:write',
    body: zSessionCreate,
    success: { status: 202, kind: 'json', description: 'The session, authorized.', body: zSession },
    errors: [
      'resource_missing',
      'quote_expired',
      'quote_consumed',
      'session_already_active',
      'authentication_required',
      'payment_declined',
      'outstanding_debt',
      'credit_limit_exceeded',
      'token_blocked',
      'price_unavailable',
      'tariff_held',
      'site_access_denied',
      'start_refused_by_operator',
      'evse_not_available',
      'evse_not_reachable',
      'start_rejected',
      'cpo_unreachable',
      'cpo_error',
      'psp_unavailable',
      'rates_unavailable',
    ],
    idempotent: true,
  }),
  get: operation({
    id: 'sessions.get',
    method: 'get',
    path: '/v1/sessions/{id}',
    summary: 'Read a session',
    description:
      'With `wait`, answers as soon as the session changes past `since_sequence`, or after that many seconds.',
    scope: 'sessions:read',
    params: zIdParam('session'),
    query: z.object({
      wait: z.coerce.number().int().min(0).max(30).optional().meta({ description: 'Seconds.' }),
      since_sequence: z.coerce
        .number()
        .int()
        .min(0)
        .max(1_000_000)
        .optional()
        .meta({ description: 'The `sequence` you have; the present one by default.' }),
    }),
    success: { status: 200, kind: 'json', description: 'The session.', body: zSession },
    errors: [],
    idempotent: false,
  }),
  list: operation({
    id: 'sessions.list',
    method: 'get',
    path: '/v1/sessions',
    summary: 'List sessions',
    description: 'Newest first: a partner its own, an operator those at its chargers.',
    scope: 'sessions:read',
    query: zPage.extend({
      status: zSessionStatus.optional(),
      external_id: zExternalId.optional(),
    }),
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of sessions.',
      body: zListOf('SessionList', zSession),
    },
    errors: [],
    idempotent: false,
  }),
  stop: operation({
    id: 'sessions.stop',
    method: 'post',
    path: '/v1/sessions/{id}/stop',
    summary: 'Stop a session',
    description:
      'Asks the charger to stop. `202` means the wish was accepted; `session.ended` tells that energy has stopped. Stopping twice is harmless.',
    scope: 'sessions:write',
    params: zIdParam('session'),
    success: { status: 202, kind: 'json', description: 'The session.', body: zSession },
    errors: ['invalid_transition', 'cpo_unreachable', 'cpo_error'],
    idempotent: true,
  }),
  stream: operation({
    id: 'sessions.stream',
    method: 'get',
    path: '/v1/sessions/{id}/stream',
    summary: 'Follow a session live',
    description:
      'Server-sent events: `session` with each change, `meter` with energy, power and running cost. A comment every 15 s keeps the line open. Reconnect with `Last-Event-ID`; `end` comes after the session has ended and its money is decided.',
    scope: 'sessions:read',
    params: zIdParam('session'),
    success: {
      status: 200,
      kind: 'stream',
      description: 'Events as they happen.',
      event: zSessionStreamEvent,
    },
    errors: [],
    idempotent: false,
  }),
  timeline: operation({
    id: 'sessions.timeline',
    method: 'get',
    path: '/v1/sessions/{id}/timeline',
    summary: 'Why did it go as it went?',
    description:
      'Decisions of every room and the heads of the protocol messages exchanged with the charger or its operator, merged in order of time.',
    scope: 'sessions:read',
    params: zIdParam('session'),
    success: { status: 200, kind: 'json', description: 'The timeline.', body: zTimeline },
    errors: [],
    idempotent: false,
  }),
  price_proof: operation({
    id: 'sessions.price_proof',
    method: 'get',
    path: '/v1/sessions/{id}/price_proof',
    summary: 'How did the price come about?',
    description:
      'The proof of the price the session stands at. `404` until a record was judged, and for a session that has no price.',
    scope: 'evidence:read',
    params: zIdParam('session'),
    success: { status: 200, kind: 'json', description: 'The proof.', body: zPriceProof },
    errors: [],
    idempotent: false,
  }),
  evidence: operation({
    id: 'sessions.evidence',
    method: 'get',
    path: '/v1/sessions/{id}/evidence',
    summary: 'Download the evidence pack',
    description:
      'A signed zip with quote, tariff, usage, record, price proof, ledger entries and documents. Verify it offline with `npx chargelane-verify PACK.zip`. `404` until the pack is sealed.',
    scope: 'evidence:read',
    params: zIdParam('session'),
    success: {
      status: 200,
      kind: 'file',
      description: 'The newest revision of the pack.',
      media: 'application/zip',
    },
    errors: [],
    idempotent: false,
  }),
  evidence_summary: operation({
    id: 'sessions.evidence_summary',
    method: 'get',
    path: '/v1/sessions/{id}/evidence/summary',
    summary: 'Read the evidence pack as a page',
    description:
      'The newest revision of the pack in words, to read or print. It is rendered from the pack and is no part of it. `404` until the pack is sealed.',
    scope: 'evidence:read',
    params: zIdParam('session'),
    success: {
      status: 200,
      kind: 'file',
      description: 'The page.',
      media: 'application/pdf',
    },
    errors: [],
    idempotent: false,
  }),
}

const zOfSession = zPage.extend({
  session: zId('session').optional().meta({ description: 'Only those of this session.' }),
})

const zCdrStatus = z.enum([
  'received',
  'accepted',
  'adjusted',
  'quarantined',
  'rejected',
  'credited',
])

export const zCdr = z
  .object({
    id: zId('cdr'),
    session: zId('session').nullable(),
    connection: zId('connection'),
    source: z.enum(['ocpi', 'node', 'provisional']),
    country_code: z.string().max(2),
    party_id: z.string().max(3),
    ocpi_id: z.string().max(80).meta({
      description:
        "The operator's own id; a record of ours, or a second content under a known id, has a longer one.",
    }),
    content_hash: z.string().max(80),
    currency: zCurrency,
    total_excl_tax: zMoney.nullable().meta({ description: "The operator's own total." }),
    total_incl_tax: zMoney.nullable(),
    status: zCdrStatus,
    verdict: z
      .looseObject({ kind: z.string().max(40) })
      .nullable()
      .meta({
        description:
          'How the record compares with the locked public price: rules that spoke, our total and its own, what is payable, our rating line by line.',
      }),
    dispute: zDispute.nullable().meta({
      description: 'Reasons and the reading that gives the record’s total; null until judged.',
    }),
    price_proof: zId('priceProof').nullable(),
    suspense: z
      .object({
        id: zId('suspenseItem'),
        amount: zMoney,
        account: z.string().max(200),
        status: z.enum(['open', 'released', 'granted']),
        dispute_due_at: zInstant,
      })
      .nullable()
      .meta({ description: 'What the record asks above the price; the operator alone sees it.' }),
    offline_recovered: z.boolean().meta({
      description:
        'The charger was offline during the session and told of it afterwards: times are its own, money came later.',
    }),
    received_at: zInstant,
    raw: z.string().max(1_000_000).nullable().meta({ description: 'The record as received.' }),
  })
  .meta({ id: 'Cdr', description: 'A charge detail record, immutable as received.' })

export const cdrs = {
  get: operation({
    id: 'cdrs.get',
    method: 'get',
    path: '/v1/cdrs/{id}',
    summary: 'Read a charge detail record',
    description: 'The record as received, with our verdict beside it.',
    scope: 'money:read',
    params: zIdParam('cdr'),
    success: { status: 200, kind: 'json', description: 'The record.', body: zCdr },
    errors: [],
    idempotent: false,
  }),
  list: operation({
    id: 'cdrs.list',
    method: 'get',
    path: '/v1/cdrs',
    summary: 'List charge detail records',
    description: 'Newest first, `raw` left out.',
    scope: 'money:read',
    query: zOfSession.extend({
      status: zCdrStatus.optional(),
      rule: z
        .string()
        .regex(/^[a-z_]{1,40}$/)
        .optional()
        .meta({ description: 'Only those where this rule spoke.', examples: ['cpo_asks_more'] }),
      reason: z
        .string()
        .regex(/^[A-Z_]{1,40}$/)
        .optional()
        .meta({ description: 'Only those with this reason.', examples: ['TARIFF_CHANGED'] }),
    }),
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of records.',
      body: zListOf('CdrList', zCdr),
    },
    errors: [],
    idempotent: false,
  }),
}

export const zEvidence = z
  .object({
    id: zId('evidence'),
    session: zId('session'),
    revision: z.int().min(1).meta({ description: 'Grows with each seal; the newest counts.' }),
    manifest_sha256: z.string().max(80).meta({
      description: 'Hash of the signed manifest, which holds the hash of every file of the pack.',
    }),
    key_id: z.string().max(80).meta({ description: 'The key the manifest is signed with.' }),
    sealed_at: zInstant,
  })
  .meta({
    id: 'Evidence',
    description: 'The head of an evidence pack; `sessions.evidence` downloads the pack itself.',
  })
