import { describe, expect, test } from 'vitest'
import { unzipSync } from 'fflate'
import { readArchive, writeArchive } from './archive.ts'

const text = (value: string) => new TextEncoder().encode(value)
const entries = new Map([
  ['manifest.json', text('{"files":[]}')],
  ['supply/messages.jsonl', text('{"a":1}\n{"b":2}\n')],
  ['tariff.raw.json', text('{"currency":"EUR","name":"Köln"}')],
  ['empty.json', text('')],
])

describe('a pack archive', () => {
  test('gives back what was put in, and is the same bytes each time', () => {
    const bytes = writeArchive(entries)
    expect(writeArchive(entries)).toEqual(bytes)
    const read = readArchive(bytes)
    expect(read.damage).toBeUndefined()
    expect([...read.entries]).toEqual([...entries])
  })

  test('opens with any ZIP program', () => {
    expect(Object.keys(unzipSync(writeArchive(entries)))).toEqual([...entries.keys()])
  })

  test('shows every single changed byte, in content and headers alike, and names where', () => {
    const bytes = writeArchive(entries)
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice()
      changed[at] = (changed[at] ?? 0) ^ 0x01
      expect(readArchive(changed).damage, `byte ${at}`).toMatch(/header of|directory/)
    }
  })

  test('shows an appended, a missing and a doubled part', () => {
    const bytes = writeArchive(entries)
    expect(readArchive(Uint8Array.of(...bytes, 0)).damage).toBeDefined()
    expect(readArchive(bytes.subarray(0, bytes.length - 1)).damage).toBeDefined()
    expect(readArchive(Uint8Array.of(...bytes, ...bytes)).damage).toBeDefined()
    expect(readArchive(new Uint8Array()).damage).toBeDefined()
  })

  test('of hostile sizes is refused without reading past its end', () => {
    const bytes = writeArchive(entries)
    new DataView(bytes.buffer).setUint32(18, 0xffffffff, true)
    expect(readArchive(bytes)).toMatchObject({ damage: expect.stringContaining('manifest.json') })
  })
})
