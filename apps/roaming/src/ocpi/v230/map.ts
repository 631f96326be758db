// OCPI 2.3.0 in the house's words. Its objects are those of 2.2.1 with more fields; prices name their taxes, which the
// reader of records and the rating room know by themselves, and a token may be one of Plug & Charge.
import type { Edition } from '../edition.ts'
import { v221 } from '../v221/map.ts'

export const v230: Edition = { ...v221, version: '2.3.0' }
