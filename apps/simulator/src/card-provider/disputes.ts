// A payer's bank takes captured money back: the provider debits us at once, with a fee, and decides weeks later.
import { newMovement } from './objects.ts'
import { type Act, mustFind } from './payments.ts'
import { list, route, type Route } from './routes.ts'
import { type Dispute, type Intent, newId } from './store.ts'
import { badParam, badState, type Form, page, WireError } from './wire.ts'

/** docs.stripe.com/disputes/responding: most networks give 7 to 21 days. */
const evidenceDays = 9
/** docs.stripe.com/disputes/how-disputes-work#dispute-fees, in Europe. */
const disputeFee = 2_000

const noEvidence: Dispute['evidence'] = {
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
  uncategorized_text: null,
  enhanced_evidence: {},
}

/** All that is left of the charge, once. */
export function openDispute(act: Act, intent: Intent, reason: string): Dispute {
  const { store } = act
  const charge = mustFind(store.tables.charges, 'charge', intent.latest_charge ?? '')
  if (!charge.captured || charge.disputed)
    throw badState('charge_disputed', `Charge ${charge.id} cannot be disputed (again).`)
  const created = store.nowS()
  const amount = charge.amount_captured - charge.amount_refunded
  const { currency } = charge
  const dispute: Dispute = {
    id: newId('du'),
    object: 'dispute',
    amount,
    balance_transactions: [],
    charge: charge.id,
    created,
    currency,
    enhanced_eligibility_types: [],
    evidence: noEvidence,
    evidence_details: {
      due_by: created + evidenceDays * 86_400,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason,
    status: 'needs_response',
  }
  dispute.balance_transactions.push(move(act, dispute, { amount: -amount, fee: disputeFee }))
  store.put('charges', { ...charge, disputed: true })
  store.put('disputes', dispute)
  act.emit('charge.dispute.created', dispute)
  act.emit('charge.dispute.funds_withdrawn', dispute)
  return dispute
}

/** What was taken comes back with a dispute that is won; its fee does not. */
export function closeDispute(act: Act, id: string, status: 'won' | 'lost'): Dispute {
  const open = mustFind(act.store.tables.disputes, 'dispute', id)
  if (open.status !== 'needs_response' && open.status !== 'under_review')
    throw badState('dispute_closed', `Dispute ${id} is ${open.status}.`)
  const closed: Dispute = { ...open, status, balance_transactions: [...open.balance_transactions] }
  if (status === 'won')
    closed.balance_transactions.push(move(act, closed, { amount: closed.amount, fee: 0 }))
  act.store.put('disputes', closed)
  act.emit('charge.dispute.closed', closed)
  if (status === 'won') act.emit('charge.dispute.funds_reinstated', closed)
  return closed
}

function move({ store }: Act, { id, currency }: Dispute, of: { amount: number; fee: number }) {
  const movement = newMovement('adjustment', {
    ...of,
    currency,
    source: id,
    created: store.nowS(),
    description: `Dispute ${id}`,
  })
  store.put('balance_transactions', movement)
  return movement
}

/** docs.stripe.com/api/disputes/update: so many characters of one text, and of all of them together. */
const textMax = 20_000
const textsMax = 150_000

/** Words only: the sandbox keeps no files that a field could name. */
function textsOf(form: Form): Partial<Dispute['evidence']> {
  let all = 0
  for (const [field, text] of Object.entries(form)) {
    const name = `evidence[${field}]`
    if (!Object.hasOwn(noEvidence, field))
      throw badParam('parameter_unknown', name, `Received unknown parameter: ${name}`)
    if (typeof text !== 'string' || text.length > textMax)
      throw badParam('parameter_invalid', name, `${name} has more than ${textMax} characters`)
    all += text.length
  }
  if (all > textsMax)
    throw badParam('parameter_invalid', 'evidence', `More than ${textsMax} characters in all`)
  return form
}

const refuse = (message: string) =>
  new WireError(400, { type: 'invalid_request_error', message }, true)

/** Evidence goes to the bank once, and until its day; what is only staged may still change. */
function submitEvidence(
  act: Act,
  id: string,
  { evidence = {}, submit = true }: { evidence?: Form; submit?: boolean },
): Dispute {
  const dispute = mustFind(act.store.tables.disputes, 'dispute', id)
  const { status, evidence_details: details } = dispute
  if (status !== 'needs_response' || details.submission_count > 0)
    throw refuse(`Dispute ${id} is ${status}: its evidence cannot be changed.`)
  if (act.store.nowS() > (details.due_by ?? 0))
    throw refuse(`The evidence of dispute ${id} was due.`)
  const staged: Dispute = {
    ...dispute,
    evidence: { ...dispute.evidence, ...textsOf(evidence) },
    evidence_details: { ...details, has_evidence: true },
  }
  const after: Dispute = submit
    ? {
        ...staged,
        status: 'under_review',
        evidence_details: {
          ...staged.evidence_details,
          submission_count: 1,
          submission_method: 'manual',
        },
      }
    : staged
  act.store.put('disputes', after)
  act.emit('charge.dispute.updated', after)
  return after
}

export const disputeRoutes: Route[] = [
  route(
    'disputes.list',
    'GET',
    '/v1/disputes',
    { ...list, payment_intent: 'string', charge: 'string' },
    [],
    (act, values) =>
      page(
        '/v1/disputes',
        act.store.tables.disputes.values(),
        values,
        (dispute) =>
          (values.payment_intent === undefined ||
            dispute.payment_intent === values.payment_intent) &&
          (values.charge === undefined || dispute.charge === values.charge),
      ),
  ),
  route('disputes.retrieve', 'GET', '/v1/disputes/:id', {}, [], (act, _, id) =>
    mustFind(act.store.tables.disputes, 'dispute', id),
  ),
  route(
    'disputes.update',
    'POST',
    '/v1/disputes/:id',
    { evidence: 'tree', submit: 'boolean' },
    [],
    (act, values, id) => submitEvidence(act, id, values),
  ),
]
