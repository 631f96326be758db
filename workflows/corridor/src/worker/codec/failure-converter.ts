// Loaded by Temporal's SDK by its path, in our processes and in the bundle of the workflows.
import { DefaultFailureConverter } from '@temporalio/common'

/** The message and the stack of a failure travel as a payload, which the codec seals. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true })
