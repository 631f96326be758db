/** A sealed pack as one of its readers gets it: the same manifest and signature, and what is not for it closed. */
import { strFromU8, strToU8 } from 'fflate'
import { z } from 'zod'
import { canonicalText } from './canonical/canonical.ts'
import { type Entries, readEntries, writeArchive } from './archive.ts'
import { type Disclosure, documentFor, type Reader, readers } from './commitment.ts'

/** Beside the manifest, not under it: each salt in it proves itself against a commitment that the manifest covers. */
export const disclosuresPath = 'disclosures.json'

export type Disclosures = Record<string, Disclosure[]>

const zDisclosures = z.record(
  z.string(),
  z.array(
    z.strictObject({
      at: z.string().max(500),
      salt: z.string().regex(/^[0-9a-f]{32}$/),
      readers: z.array(z.enum(readers)),
    }),
  ),
) satisfies z.ZodType<Disclosures>

export const readDisclosures = (bytes: Uint8Array): Disclosures =>
  zDisclosures.parse(JSON.parse(strFromU8(bytes)))

export function viewFor(entries: Entries, reader: Reader): Entries {
  const kept = entries.get(disclosuresPath)
  const disclosures = kept === undefined ? {} : readDisclosures(kept)
  const view = new Map(entries)
  const opened: Disclosures = {}
  for (const [path, list] of Object.entries(disclosures)) {
    const bytes = entries.get(path)
    if (bytes === undefined) continue
    const shown = documentFor(JSON.parse(strFromU8(bytes)), list, reader)
    view.set(path, strToU8(canonicalText(shown.document)))
    if (shown.disclosures.length > 0) opened[path] = shown.disclosures
  }
  view.set(disclosuresPath, strToU8(canonicalText(opened)))
  return view
}

/** The same of the bytes of a pack that is kept here. */
export const viewOf = (zip: Uint8Array, reader: Reader): Uint8Array =>
  writeArchive(viewFor(readEntries(zip), reader))
