import * as z from 'zod'
import { zDecimal } from './money.ts'
import { zInstant } from './time.ts'

/**
 * One stretch of a session. Volumes are what a record states; without `time_h` and `parking_time_h` the whole
 * length counts as charging (TIME) or as occupying without charging (PARKING_TIME) by `charging`.
 * An absent `energy_kwh` means the record states no energy for the period, which is not the same as "0"; energy
 * below zero was fed back to the grid.
 */
export const zUsagePeriod = z.strictObject({
  start: zInstant,
  end: zInstant,
  charging: z.boolean(),
  energy_kwh: zDecimal.optional(),
  time_h: zDecimal.optional(),
  parking_time_h: zDecimal.optional(),
  /** Time the EVSE was kept for the driver (OCPI 2.2.1 §10.4.2 RESERVATION_TIME). */
  reservation_time_h: zDecimal.optional(),
  /** The record states no time here at all, so none counts (failures F41). */
  untimed: z.literal(true).optional(),
  min_power_kw: zDecimal.optional(),
  max_power_kw: zDecimal.optional(),
  min_current_a: zDecimal.optional(),
  max_current_a: zDecimal.optional(),
})

/** The one input of rating beside the tariff: consecutive periods of one session, in order, in UTC. */
export const zUsageRecord = z
  .strictObject({
    started_at: zInstant,
    ended_at: zInstant,
    time_zone: z.string().min(1).max(64).meta({ description: 'IANA zone of the EVSE.' }),
    periods: z.array(zUsagePeriod).min(1).max(20_000),
    /** The reservation ran out before the driver came (OCPI 2.2.1 §11.4.5 RESERVATION_EXPIRES). */
    reservation_expired: z.literal(true).optional(),
  })
  .meta({
    id: 'UsageRecord',
    description: 'What was used, normalised from meter values, a session or a CDR.',
  })

export type UsagePeriod = z.infer<typeof zUsagePeriod>
export type UsageRecord = z.infer<typeof zUsageRecord>
