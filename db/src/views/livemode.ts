/** This product runs in test mode until live keys are issued. */
export const livemode = false
