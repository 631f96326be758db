import { proxyActivities } from '@temporalio/workflow'
import { clock, instant } from '../clock/clock.ts'
import { paperQueue } from '../contract.ts'
import type { VatCheckActivities, VatRound } from './vat-checks.ts'

const { checkVatIds } = proxyActivities<VatCheckActivities>({
  taskQueue: paperQueue,
  startToCloseTimeout: '50 minutes',
  scheduleToCloseTimeout: '55 minutes',
  retry: { initialInterval: '30s', backoffCoefficient: 2, maximumInterval: '5 minutes' },
})

/** Hourly: numbers that nobody was asked about, and whose answer grew old or never came. */
export const checkVatNumbers = (): Promise<VatRound> => checkVatIds({ now: instant(clock()) })
