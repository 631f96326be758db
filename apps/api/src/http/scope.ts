import type { Viewer } from './handler.ts'

/** A partner or operator sees its own, finance and the platform see all. */
export const ownOrAll = (viewer: Viewer) =>
  viewer.sees === viewer.accountId ? viewer.accountId : 'all'

/** Only what belongs to a session, where one is asked for. */
export const bySession = (query: { session?: string | undefined }) =>
  query.session === undefined ? {} : { sessionId: query.session }

type PayerQuery = {
  session?: string | undefined
  driver?: string | undefined
  psp_reference?: string | undefined
}

/** The same, or what belongs to a driver, or what the payment provider knows by an id. */
export const ofPayer = ({ session, driver, psp_reference: reference }: PayerQuery) => ({
  ...bySession({ session }),
  ...(driver === undefined ? {} : { driverId: driver }),
  ...(reference === undefined ? {} : { pspReference: reference }),
})
