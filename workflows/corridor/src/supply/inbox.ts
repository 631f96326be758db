// The one door for what supply tells. A protocol translates what it heard into the house's words, calls a verb inside its
// own database tx, and turns the answer into its own; every verdict is taken behind this door.
export { mayCharge } from '../quote/at-charger.ts'
export { channelOfParty, putPartyAside, type StrangersCharge } from './party.ts'
export { takeEvseStatus, takeStatus } from './places.ts'
export { takeEnd, takeEnds, takeReadings } from './readings.ts'
export { takeRecord } from './record.ts'
export { takeSession } from './session.ts'
export { takeStart } from './start.ts'
export { takeTariff, takeWithdrawal } from './tariffs.ts'
export type * from './words.ts'
