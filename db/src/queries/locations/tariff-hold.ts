/** Until when a price is held that time does not lift. */
export const never = '9999-12-31T00:00:00.000Z'
