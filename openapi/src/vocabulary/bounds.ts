/** The most that one request may name, in minor units: far above any sale, far below what sums can no longer hold. */
export const amountMax = 1_000_000_000_000
