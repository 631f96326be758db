/** Does each on its own: one that fails holds up none behind it. Throws the first failure, once all were tried. */
export async function eachApart<T>(
  items: Iterable<T>,
  deed: (item: T) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = []
  for (const item of items)
    try {
      await deed(item)
    } catch (error) {
      failures.push(error)
    }
  if (failures.length > 0) throw failures[0]
}
