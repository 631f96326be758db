import type { KeyList } from '@chargelane/rules/evidence/keys'

/** Lists that the package was built with (`CHARGELANE_KEYS_FILE`); none where it runs from its sources. */
export const builtinKeys: readonly KeyList[] = []
