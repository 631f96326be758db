import { z } from 'zod'
import { zCurrency, zIdParam, zInstant, zMoney } from '../common.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import { zId } from '../vocabulary/ids.ts'
import { zText } from '../vocabulary/text.ts'
import { zWhy } from './decisions.ts'
import { zPartyRole } from '../vocabulary/parties.ts'

export const zInvoice = z
  .object({
    id: zId('invoice'),
    session: zId('session'),
    seller: zId('account'),
    buyer: zId('account'),
    kind: z.enum(['receipt_invoice', 'commission_invoice', 'credit_note']),
    document_number: z.string().max(60),
    currency: zCurrency,
    total_excl_tax: zMoney,
    total_tax: zMoney,
    total_incl_tax: zMoney,
    issued_at: zInstant,
  })
  .meta({ id: 'Invoice', description: 'A numbered document; corrected only by a credit note.' })

export const invoices = {
  get: operation({
    id: 'invoices.get',
    method: 'get',
    path: '/v1/invoices/{id}',
    summary: 'Read an invoice',
    description: 'Head and totals; the document itself is the PDF or the XML.',
    scope: 'money:read',
    params: zIdParam('invoice'),
    success: { status: 200, kind: 'json', description: 'The invoice.', body: zInvoice },
    errors: [],
    idempotent: false,
  }),
  list: operation({
    id: 'invoices.list',
    method: 'get',
    path: '/v1/invoices',
    summary: 'List invoices',
    description: 'Newest first: those you sold or bought.',
    scope: 'money:read',
    query: zPage.extend({ session: zId('session').optional() }),
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of invoices.',
      body: zListOf('InvoiceList', zInvoice),
    },
    errors: [],
    idempotent: false,
  }),
  pdf: operation({
    id: 'invoices.pdf',
    method: 'get',
    path: '/v1/invoices/{id}/pdf',
    summary: 'Download an invoice as PDF',
    description:
      'For people: a page drawn from the invoice when you ask. The invoice itself is its XML, which the evidence pack seals.',
    scope: 'money:read',
    params: zIdParam('invoice'),
    success: { status: 200, kind: 'file', description: 'The document.', media: 'application/pdf' },
    errors: [],
    idempotent: false,
  }),
  xml: operation({
    id: 'invoices.xml',
    method: 'get',
    path: '/v1/invoices/{id}/xml',
    summary: 'Download an invoice as EN 16931 XML',
    description: 'For machines; same content as the PDF.',
    scope: 'money:read',
    params: zIdParam('invoice'),
    success: { status: 200, kind: 'file', description: 'The document.', media: 'application/xml' },
    errors: [],
    idempotent: false,
  }),
}

export const zSettlement = z
  .object({
    id: zId('settlement'),
    payee: zId('account'),
    role: zPartyRole,
    batch: z.string().max(80),
    state: z.enum(['closed', 'in_transit', 'paid', 'on_hold', 'awaiting_funds']),
    reason: z.string().max(500).nullable(),
    amount: zMoney,
    session_count: z.int().min(0),
    sla_deadline: zInstant.meta({ description: 'The earliest deadline of its sessions.' }),
    payout_reference: z.string().max(120).nullable(),
    cut_off_at: zInstant,
    paid_at: zInstant.nullable(),
    created_at: zInstant,
  })
  .meta({ id: 'Settlement', description: 'What one payee got for a batch of sessions.' })

export const settlements = {
  list: operation({
    id: 'settlements.list',
    method: 'get',
    path: '/v1/settlements',
    summary: 'List settlements',
    description: 'Newest first; finance sees those of every payee.',
    scope: 'money:read',
    query: zPage,
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of settlements.',
      body: zListOf('SettlementList', zSettlement),
    },
    errors: [],
    idempotent: false,
  }),
  get: operation({
    id: 'settlements.get',
    method: 'get',
    path: '/v1/settlements/{id}',
    summary: 'Read a settlement',
    description: 'State of one payout.',
    scope: 'money:read',
    params: zIdParam('settlement'),
    success: { status: 200, kind: 'json', description: 'The settlement.', body: zSettlement },
    errors: [],
    idempotent: false,
  }),
  statement: operation({
    id: 'settlements.statement',
    method: 'get',
    path: '/v1/settlements/{id}/statement',
    summary: 'Download a statement',
    description:
      'One line per session: public price, VAT, commission, net. `404` until it is written.',
    scope: 'money:read',
    params: zIdParam('settlement'),
    success: { status: 200, kind: 'file', description: 'The statement.', media: 'application/pdf' },
    errors: [],
    idempotent: false,
  }),
  retry: operation({
    id: 'settlements.retry',
    method: 'post',
    path: '/v1/settlements/{id}/retry',
    summary: 'Pay a settlement again',
    description:
      'For one that is `on_hold`: the next batch gives it to the bank again, under an id of its own. A mended bank account needs no asking.',
    scope: 'settlements:run',
    params: zIdParam('settlement'),
    body: z.strictObject({ reason: zWhy }).meta({ id: 'SettlementRetry' }),
    success: { status: 200, kind: 'json', description: 'The settlement.', body: zSettlement },
    errors: ['invalid_transition'],
    idempotent: true,
  }),
  record_return: operation({
    id: 'settlements.record_return',
    method: 'post',
    path: '/v1/settlements/{id}/returns',
    summary: 'Record that a payout came back',
    description:
      'The bank returned it after it was booked: it is owed again, once by the bank’s `reference`, and paid anew when the payee names another account or somebody retries it.',
    scope: 'settlements:run',
    params: zIdParam('settlement'),
    body: z
      .strictObject({
        reference: zText(140).meta({ description: 'Of the bank’s booking of the return.' }),
        reason: zWhy,
        returned_at: zInstant,
      })
      .meta({ id: 'SettlementReturn' }),
    success: { status: 200, kind: 'json', description: 'The settlement.', body: zSettlement },
    errors: ['invalid_transition'],
    idempotent: true,
  }),
  run: operation({
    id: 'settlements.run',
    method: 'post',
    path: '/v1/settlements/run',
    summary: 'Settle now',
    description:
      'Starts a settlement batch without waiting for the daily one: everything payable up to now, per payee and currency. Read `settlements` for its outcome.',
    scope: 'settlements:run',
    success: {
      status: 202,
      kind: 'json',
      description: 'The batch that runs.',
      body: z
        .object({ batch: z.string().max(80), workflow_id: z.string().max(200) })
        .meta({ id: 'SettlementRun' }),
    },
    errors: [],
    idempotent: true,
  }),
}
