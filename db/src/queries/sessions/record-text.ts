import { type Sealed, unseal } from '../../sealed/sealed.ts'

/** A record as it was received, byte for byte. */
export const recordText = ({ id, raw }: { id: string; raw: Sealed }): string =>
  unseal('cdrs.raw', id, raw)
