// What the simulated operator remembers over restarts: whom it is registered with, and what it sold.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { type CpoLocation, cpoLocations, type CpoParty, cpoTariffs, zCpoTariff } from './data.ts'

const zToken = z.looseObject({ uid: z.string(), contract_id: z.string(), type: z.string() })
const zObject = z.looseObject({ id: z.string(), last_updated: z.string() })

const zMemory = z.object({
  /** Spent by the handshake. */
  tokenA: z.string(),
  /** What the eMSP shows to us after the handshake (CREDENTIALS_TOKEN_C, or B when we began). */
  tokenIn: z.string().nullable(),
  emsp: z
    .object({
      token: z.string(),
      versionsUrl: z.string(),
      country_code: z.string(),
      party_id: z.string(),
      endpoints: z.array(
        z.looseObject({ identifier: z.string(), role: z.string().optional(), url: z.string() }),
      ),
    })
    .nullable(),
  tariffs: z.array(zCpoTariff),
  tokens: z.array(zToken),
  sessions: z.array(zObject),
  cdrs: z.array(zObject),
  counter: z.number(),
})
type Memory = z.infer<typeof zMemory>
export type CpoToken = z.infer<typeof zToken>
export type CpoObject = z.infer<typeof zObject>

export type CpoState = Memory & {
  party: CpoParty
  locations: CpoLocation[]
  save: () => void
}

export function openState(
  party: CpoParty,
  tokenA: string,
  stateFile: string | undefined,
): CpoState {
  const fresh: Memory = {
    tokenA,
    tokenIn: null,
    emsp: null,
    tariffs: cpoTariffs(party),
    tokens: [],
    sessions: [],
    cdrs: [],
    counter: 0,
  }
  const known =
    stateFile !== undefined && existsSync(stateFile)
      ? zMemory.parse(JSON.parse(readFileSync(stateFile, 'utf8')))
      : fresh
  const state: CpoState = {
    ...known,
    party,
    locations: cpoLocations(party),
    save() {
      if (stateFile === undefined) return
      const memory = zMemory.parse(state)
      writeFileSync(`${stateFile}.new`, JSON.stringify(memory))
      renameSync(`${stateFile}.new`, stateFile)
    },
  }
  return state
}

/** Replaces the object of the same id, or adds it. */
export function put<T extends { id: string }>(list: T[], object: T): void {
  const index = list.findIndex(({ id }) => id === object.id)
  if (index < 0) list.push(object)
  else list[index] = object
}

export const iso = (at: number) => new Date(at).toISOString()
