import { zipSync } from 'fflate'

// The pack's ZIP in one canonical form: stored, fixed time, entries in order. Every byte of it follows from the
// entries, so a reader can rebuild the archive and name whatever differs, headers included.

export type Entries = Map<string, Uint8Array>

/** ZIP keeps local time, so the fixed instant is a local one. */
// oxlint-disable-next-line no-restricted-globals -- a constant, no reading of the clock
const fixedTime = () => new Date(1980, 0, 1)

/** Entries in the order of the map. Nothing is compressed: no byte depends on a compressor's version. */
export function writeArchive(entries: Entries): Uint8Array {
  return zipSync(Object.fromEntries(entries), { level: 0, mtime: fixedTime() })
}

const localHeader = 0x04034b50
const headerLength = 30

type Place = { at: number; path: string }

/** From the local headers, as far as they can be followed. */
function follow(bytes: Uint8Array): { entries: Entries; starts: Place[] } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const entries: Entries = new Map()
  const starts: Place[] = []
  let at = 0
  while (at + headerLength <= bytes.length && view.getUint32(at, true) === localHeader) {
    const size = view.getUint32(at + 18, true)
    const nameLength = view.getUint16(at + 26, true)
    const dataAt = at + headerLength + nameLength + view.getUint16(at + 28, true)
    const path = new TextDecoder().decode(
      bytes.subarray(at + headerLength, at + headerLength + nameLength),
    )
    starts.push({ at, path })
    if (dataAt + size > bytes.length || entries.has(path)) break
    entries.set(path, bytes.subarray(dataAt, dataAt + size))
    at = dataAt + size
  }
  return { entries, starts }
}

/** The entries of an archive that was written here and kept. */
export const readEntries = (bytes: Uint8Array): Entries => follow(bytes).entries

/**
 * Reads the entries and rebuilds the archive from them. `damage` names the entry in which the bytes first differ from
 * the canonical form; undefined when not one byte does.
 */
export function readArchive(bytes: Uint8Array): { entries: Entries; damage: string | undefined } {
  const { entries, starts } = follow(bytes)
  return { entries, damage: damageOf(bytes, writeArchive(entries), starts) }
}

function damageOf(bytes: Uint8Array, rebuilt: Uint8Array, starts: Place[]): string | undefined {
  const shorter = Math.min(bytes.length, rebuilt.length)
  let first = 0
  while (first < shorter && bytes[first] === rebuilt[first]) first++
  if (first === shorter && bytes.length === rebuilt.length) return undefined
  const place = starts.findLast((start) => start.at <= first)
  const last = starts.at(-1)
  const inDirectory =
    last === undefined || (place === last && first >= last.at + headerLength + last.path.length)
  return inDirectory
    ? `the archive's directory (byte ${first})`
    : `the header of ${place?.path ?? 'the first entry'} (byte ${first})`
}
