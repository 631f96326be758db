import { route } from './action.ts'

/** We have no vendor extensions; the message itself is kept like any other. */
export const dataTransfer = route({
  name: 'DataTransfer',
  handle: () => Promise.resolve({ answer: { status: 'UnknownVendorId' } }),
})
