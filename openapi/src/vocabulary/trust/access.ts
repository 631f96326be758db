import { z } from 'zod'

/** How a driver shows who it is; a start that its partner asks for counts as `APP_USER`. */
export const tokenTypes = ['RFID', 'APP_USER', 'AD_HOC_USER'] as const
export type TokenType = (typeof tokenTypes)[number]

export const accessReasons = ['not_admitted', 'closed'] as const

export const zAccessReason = z
  .enum(accessReasons)
  .meta({ id: 'AccessReason', description: 'The place is for others, or closed now.' })
