/** How a rule ends: what the sale should cost, in words, and the facts that it was read from. */
import type { DisputeFact } from '@chargelane/openapi/vocabulary/settlement/disputes'
import type { Money } from '@chargelane/openapi/vocabulary/money'

export type Finding =
  /** The sale should cost this, tax included; nothing at all is the whole of it. */
  | { kind: 'clear'; price: Money; why: string; rests: DisputeFact[] }
  | { kind: 'refused'; why: string; rests: DisputeFact[] }
  /** The facts that are kept do not decide it. */
  | { kind: 'unclear'; why: string; rests: DisputeFact[] }

type Rests = readonly DisputeFact[]

export const clear = (price: Money, why: string, rests: Rests = []): Finding => ({
  kind: 'clear',
  price,
  why,
  rests: [...rests],
})
export const refuse = (why: string, rests: Rests = []): Finding => ({
  kind: 'refused',
  why,
  rests: [...rests],
})
export const unclear = (why: string, rests: Rests = []): Finding => ({
  kind: 'unclear',
  why,
  rests: [...rests],
})
