// Which activities exist, and what each room's are made of. Tests compose the same list around fakes.
import { heartbeat } from '@temporalio/activity'
import type { Db } from '@chargelane/db'
import { createAttentionActivities } from '../attention/activities.ts'
import { createAftercareActivities } from '../aftercare/activities.ts'
import type { AftercareDependencies } from '../aftercare/activities.ts'
import {
  createAuthorizationActivities,
  createReaperActivities,
} from '../authorization/activities.ts'
import { createCoverActivities } from '../authorization/cover.ts'
import { createStandingActivities } from '../authorization/standing.ts'
import { createCaptureActivities } from '../capture/activities.ts'
import { createCdrActivities } from '../record/activities.ts'
import { createChargingActivities } from '../charging/activities.ts'
import type { Deadlines } from '../contract.ts'
import { createDisputeActivities } from '../aftercare/dispute/activities.ts'
import { createContestActivities } from '../aftercare/dispute/contest.ts'
import { createEvidenceActivities } from '../evidence/activities.ts'
import type { EvidenceDependencies } from '../evidence/activities.ts'
import { createFxActivities } from '../booking/rates.ts'
import { renderStatement } from '../settlement/statement.ts'
import type { PaymentPorts } from '../payment/kinds.ts'
import type { ReferenceRates } from '../payment/payment.ts'
import type { PayoutRails } from '../settlement/rails.ts'
import { createFileActivities, type FileDependencies } from '../settlement/sepa-files.ts'
import { createProofActivities } from '../evidence/proofs.ts'
import type { PolicyLanes } from '../policy/lanes.ts'
import { createQuoteActivities } from '../quote/activities.ts'
import { createRefusalActivities } from '../supply/refused.ts'
import { createRoutingActivities } from '../routing/activities.ts'
import {
  createSessionSettlementActivities,
  createSettlementActivities,
} from '../settlement/activities.ts'
import type { SettlementDependencies } from '../settlement/activities.ts'
import { createRefundActivities, createRepeatedRefundActivities } from '../booking/refunds.ts'
import type { BankExchange, BankStatements, ProviderMoney } from '../settlement/treasury/ports.ts'
import { createTreasuryActivities } from '../settlement/treasury/activities.ts'
import { createVatCheckActivities } from '../onboarding/vat-checks.ts'
import type { PayeeCheckPort } from '../onboarding/bank-accounts.ts'
import type { VatCheck } from '../onboarding/vies.ts'
import { createPeriodActivities } from '../settlement/split/period.ts'
import { createSimulationActivities } from '../settlement/split/simulation.ts'
import { createSplitActivities } from '../booking/activities.ts'

export type World = {
  db: Db
  payments: PaymentPorts
  payouts: PayoutRails
  /** Absent where no file of transfers is sent. */
  payoutFiles?: Omit<FileDependencies, 'db'>
  payeeCheck: PayeeCheckPort
  rates: ReferenceRates
  vatCheck: VatCheck
  /** Where operators' own code runs. */
  policies: PolicyLanes
  provider: ProviderMoney
  statements: BankStatements
  exchange: BankExchange
  signer: EvidenceDependencies['signer']
  deadlines: Deadlines
  /** How far beyond a connector's power a record is still believed; a sandbox plays sessions faster. */
  plausibleSlackMs: number
  issuer: EvidenceDependencies['issuer']
  tellSession: SettlementDependencies['tellSession']
  beginAftercare: AftercareDependencies['beginAftercare']
}

export function createActivities(world: World) {
  return {
    ...createQuoteActivities(world),
    ...createRoutingActivities(world),
    ...createRefusalActivities(world),
    ...createAuthorizationActivities(world),
    ...createCoverActivities(world),
    ...createStandingActivities(world),
    ...createChargingActivities(world),
    ...createCdrActivities(world),
    ...createCaptureActivities(world),
    ...createFxActivities(world),
    ...createSplitActivities(world),
    ...createRefundActivities(world),
    ...createRepeatedRefundActivities(world),
    ...createEvidenceActivities(world),
    ...createSessionSettlementActivities(world),
    ...createSettlementActivities({ ...world, renderStatement }),
    ...createFileActivities(
      world.payoutFiles === undefined ? undefined : { ...world.payoutFiles, db: world.db },
    ),
    ...createTreasuryActivities(world),
    ...createAftercareActivities(world),
    ...createDisputeActivities(world),
    ...createContestActivities(world),
    ...createAttentionActivities(world),
    ...createReaperActivities(world),
    ...createProofActivities(world),
    ...createVatCheckActivities(world),
    ...createPeriodActivities(world),
    ...createSimulationActivities({ ...world, heartbeat }),
  }
}

export type Activities = ReturnType<typeof createActivities>
