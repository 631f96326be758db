/** Whether a hold fits: what is owed and held already, and this one, are within the line. Minor units. */
export const fitsCredit = (line: { limit: number; owed: number; held: number }, wish: number) =>
  Math.max(0, line.owed) + line.held + wish <= line.limit
