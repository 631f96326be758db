/** Contents of tariff versions that this process has read; a version never changes. */
import type { TariffRef } from '@chargelane/db/queries/locations/offers'
import type { ListedTariff } from '@chargelane/db/queries/locations/facts'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'

type Load = (
  refs: TariffRef[],
) => Promise<{ id: string; version: number; hash: string; canonical: Tariff | null }[]>

export type TariffShelf = {
  /** The contents of these versions by hash; what is not on the shelf is read in one go. */
  contentsOf(wanted: readonly ListedTariff[], load: Load): Promise<ReadonlyMap<string, Tariff>>
}

/**
 * Tariff contents by hash. A version never changes and its hash names its content, so nothing here can be stale; what
 * was used longest ago makes room. One object per content also means that it is compiled and described once.
 */
export function createTariffShelf(size = 20_000): TariffShelf {
  const shelf = new Map<string, Tariff>()
  return {
    async contentsOf(wanted, load) {
      const found = new Map<string, Tariff>()
      const absent = new Map<string, ListedTariff>()
      for (const tariff of wanted) {
        const known = shelf.get(tariff.hash)
        if (known === undefined) {
          absent.set(tariff.hash, tariff)
          continue
        }
        // Moved to the end: the first of the map is the one to go.
        shelf.delete(tariff.hash)
        shelf.set(tariff.hash, known)
        found.set(tariff.hash, known)
      }
      if (absent.size === 0) return found
      for (const row of await load([...absent.values()])) {
        if (row.canonical === null) continue
        shelf.set(row.hash, row.canonical)
        found.set(row.hash, row.canonical)
      }
      for (const oldest of shelf.keys()) {
        if (shelf.size <= size) break
        shelf.delete(oldest)
      }
      return found
    },
  }
}
