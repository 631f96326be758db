import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { errorFrame, negotiate, parseFrame } from './rpc.ts'

describe('frames', () => {
  test('whatever text comes in, reading it never throws and never blames an id that was not sent', () => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc.json().map((json) => `[2,"id-1",${json}`),
    )
    const read = fc.property(text, (frame) => {
      const parsed = parseFrame(frame)
      return parsed.kind !== 'malformed' || frame.includes(String(parsed.id))
    })
    expect(fc.check(read, { numRuns: 2_000 }).failed).toBe(false)
  })

  test('a sound call comes through any padding a modem leaves around it', () => {
    expect(parseFrame('\uFEFF[2,"1","Heartbeat",{}]\u0000\u0000\n')).toEqual({
      kind: 'call',
      id: '1',
      action: 'Heartbeat',
      payload: {},
    })
  })

  test('brackets inside strings are no nesting', () => {
    const text = JSON.stringify([2, 'x', 'DataTransfer', { vendorId: '['.repeat(500) }])
    expect(parseFrame(text).kind).toBe('call')
  })

  test('an error is spelled as OCPP 1.6 spells it, misspellings included', () => {
    expect(errorFrame('ocpp1.6', 'x', 'occurrence_constraint', 'why')).toBe(
      '[4,"x","OccurenceConstraintViolation","why",{}]',
    )
  })

  test('a version is agreed on by name in any case, and none where there is none in common', () => {
    expect(negotiate([])).toEqual({ protocol: 'ocpp1.6', spelled: undefined })
    expect(negotiate(['ocpp2.1', 'Ocpp1.6'])).toEqual({ protocol: 'ocpp1.6', spelled: 'Ocpp1.6' })
    expect(negotiate(['ocpp2.1', 'soap'])).toBeUndefined()
  })
})
