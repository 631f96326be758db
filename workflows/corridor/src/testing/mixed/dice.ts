/** Chance that is the same for the same seed, so that what a run found can be run again. */
export type Dice = {
  /** From `least` to `most`, both included. */
  whole(least: number, most: number): number
  pick<T>(of: readonly T[]): T
  /** One of the names, as often as their weights say. */
  weighed<Name extends string>(weights: Record<Name, number>): Name
}

/** mulberry32: thirty-two bits of state, which is plenty for a world of a few thousand sessions. */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const whole = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  return {
    whole,
    pick(of) {
      const found = of[whole(0, of.length - 1)]
      if (found === undefined) throw new Error('nothing to pick from')
      return found
    },
    weighed<Name extends string>(weights: Record<Name, number>): Name {
      const names = Object.keys(weights).filter((name): name is Name => name in weights)
      let left = whole(
        1,
        names.reduce((sum, name) => sum + weights[name], 0),
      )
      for (const name of names) {
        left -= weights[name]
        if (left <= 0) return name
      }
      throw new Error('no weights')
    },
  }
}
