import { route } from './action.ts'

/**
 * Security extension, edition 3 §4.18. This node serves security profile 1 (passwords) and signs no certificates;
 * an honest Rejected lets the charger keep the credentials it has.
 */
export const signCertificate = route({
  name: 'SignCertificate',
  handle: () => Promise.resolve({ answer: { status: 'Rejected' } }),
})
