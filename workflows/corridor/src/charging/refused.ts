import type { SessionInput } from '../contract.ts'
import { clock } from '../clock/clock.ts'
import { waitFor } from '../life.ts'
import type { Life } from '../life.ts'
import type { Refusal } from '@chargelane/rules/quote/may-start'
import { sendStop } from '../routing/workflow.ts'
import { steps } from '../steps.ts'

/**
 * A start at the charger that is not sold is undone there: it is stopped, three times where need be, and what it took
 * until then is an incident of its operator, never energy that nobody has.
 */
export async function refuseAtCharger(
  life: Life,
  session: SessionInput & { origin: 'supply' },
  refusal: Refusal,
): Promise<void> {
  const refused = { session, refusal: { code: refusal.code, message: refusal.message } }
  const charger = await steps.refuseStart(refused)
  const isOver = () => life.heard.ended !== undefined || life.heard.forced
  for (let attempt = 0; attempt < 3 && !isOver(); attempt++) {
    const outcome = await sendStop(life, charger)
    if (outcome.kind === 'unknown_session') break
    await waitFor(life, 'end of a refused start', clock() + life.deadlines.stopConfirmation, isOver)
  }
  await steps.refuseStart(refused)
}
