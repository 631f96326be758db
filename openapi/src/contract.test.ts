import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { contract, operations } from './contract.ts'
import { openApiDocument } from './document.ts'
import { zEvent } from './partners/events.ts'
import { driverTextsDe } from './vocabulary/driver-texts/de.ts'
import { driverTextsEn } from './vocabulary/driver-texts/en.ts'
import { errorCodes } from './vocabulary/errors.ts'
import { eventObjects } from './vocabulary/event-types.ts'
import { zText } from './vocabulary/text.ts'

const committed = () => readFileSync(new URL('../openapi.json', import.meta.url), 'utf8')
const version = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))).version

describe('the contract', () => {
  it('names each operation by its place, and no two share method and path', () => {
    const seen = new Set<string>()
    for (const [resource, verbs] of Object.entries(contract)) {
      for (const [verb, op] of Object.entries(verbs)) {
        expect(op.id).toBe(`${resource}.${verb}`)
        const route = `${op.method} ${op.path}`
        expect(seen.has(route), route).toBe(false)
        seen.add(route)
      }
    }
    expect(seen.size).toBe(operations.length)
  })

  it('has a path parameter schema for each template field and none besides', () => {
    for (const op of operations) {
      const fields = [...op.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
      expect(Object.keys(op.params?.shape ?? {}), op.id).toEqual(fields)
    }
  })

  it('asks for an idempotency key on every POST that changes something', () => {
    const free = operations.filter((op) => op.method === 'post' && !op.idempotent)
    expect(free.map((op) => op.id)).toEqual([
      'evses.search',
      'tariffs.validate',
      'quotes.batch',
      'policy_packages.dry_run',
      'price_proofs.verify',
    ])
  })

  it('refuses unknown fields in every request body', () => {
    for (const op of operations) {
      if (!op.body) continue
      // A body of several forms is asked in one of them.
      const form = op.id === 'split_policies.add_golden' ? { format: 'json' } : {}
      const result = op.body.safeParse({ ...form, status: 'paid' })
      const unknown = result.error?.issues.flatMap((issue) =>
        issue.code === 'unrecognized_keys' ? issue.keys : [],
      )
      if (op.id === 'accounts.update' || op.id === 'tokens.update') continue
      if (op.id === 'webhook_endpoints.update' || op.id === 'connections.create') continue
      expect(unknown, op.id).toContain('status')
    }
  })

  it('is what openapi.json says, byte for byte', () => {
    expect(`${JSON.stringify(openApiDocument(version), null, 2)}\n`).toBe(committed())
  })

  it('gives the driver a text in both languages for every error code', () => {
    for (const code of Object.keys(errorCodes)) {
      expect(Object.entries(driverTextsEn).find(([key]) => key === code)?.[1]).toMatch(/\w.*[.]$/)
      expect(Object.entries(driverTextsDe).find(([key]) => key === code)?.[1]).toMatch(/\w.*[.]$/)
    }
  })
})

describe('an event', () => {
  it.each(Object.entries(eventObjects))('%s carries exactly one object, %s', (type, object) => {
    const members = zEvent.options.filter(({ shape }) => shape.type.safeParse(type).success)
    expect(members.map(({ shape }) => z.globalRegistry.get(shape.data)?.id)).toEqual([object])
  })
})

describe('free text', () => {
  it.each(['a\u0000b', 'tab\there', '\ud800', 'x\udfff', 'line\nbreak'])(
    'refuses what PostgreSQL cannot store or a log line cannot hold: %j',
    (text) => {
      expect(zText(20).safeParse(text).success).toBe(false)
    },
  )
  it('takes any script and emoji', () => {
    expect(zText(40).safeParse('Straße 充电 🔌').success).toBe(true)
  })
})
