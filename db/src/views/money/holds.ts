import type { Hold } from '@chargelane/openapi'
import { InvariantError } from '@chargelane/rules/assert'
import {
  type HeldPayment,
  holdIdOf,
  holdStatusOf,
  isHold,
} from '../../queries/payments/payments.ts'
import type { Payment } from '../../queries/payments/payments.ts'

export const holdView = (row: HeldPayment): Hold => ({
  id: holdIdOf(row.id),
  payment: row.id,
  session: row.sessionId,
  payment_source: row.paymentSourceId,
  type: row.kind,
  status: holdStatusOf(row),
  amount: row.hold,
  captured: row.captured,
  raises: row.raises,
  psp_reference: row.reference ?? row.pspId,
  expires_at: row.captureBefore,
  release_by: row.releaseBy,
  released_at: row.releasedAt,
  created_at: row.heldAt,
})

/** As an event has it: whoever tells of a hold knows that there was one. */
export function holdTold(row: Payment): Hold {
  if (!isHold(row)) throw new InvariantError(`Payment ${row.id} never held anything.`)
  return holdView(row)
}
