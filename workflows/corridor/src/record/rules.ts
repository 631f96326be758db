import type { RecordVerdict } from './verdict.ts'

export type Billable = RecordVerdict & { totals: NonNullable<RecordVerdict['totals']> }

/** Quarantined and rejected records stay as evidence. */
export const isBillable = (verdict: RecordVerdict): verdict is Billable =>
  verdict.totals !== null && verdict.kind !== 'quarantined' && verdict.kind !== 'rejected'

/** Below this much energy an unfunded charge that we stopped at once is nobody's bill (failures F04), in Wh. */
const forgivenWh = 100

/** Whether a sale follows: what costs nothing is not sold, and what is forgiven is not. */
export const isSold = ({ totals, energyWh }: Billable, isFunded: boolean): boolean =>
  totals.gross.amount !== 0 && (isFunded || energyWh >= forgivenWh)
