// A request body on its way to the contract: what PostgreSQL cannot store or a parser should not see stops here.
import { DomainError } from '@chargelane/openapi/vocabulary/errors'
import { isKnownCurrency } from '@chargelane/rules/money'
import type { Context } from 'hono'

export const bodyLimitBytes = 256 * 1024
const depthMax = 24
const jsonType = /^application\/(?:[\w.+-]+\+)?json(?:\s*;|$)/i
const otherCharset = /;\s*charset\s*=\s*"?(?!utf-?8\b)/i

const malformed = (message: string, param = 'body') =>
  new DomainError('validation_error', `${param}: ${message}`, { param })

/** Nesting of arrays and objects outside strings, without parsing: 100,000 brackets cost one pass. */
function isTooDeep(text: string): boolean {
  let depth = 0
  let isString = false
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (isString) {
      if (char === 92) i++
      else if (char === 34) isString = false
    } else if (char === 34) isString = true
    else if (char === 123 || char === 91) {
      depth += 1
      if (depth > depthMax) return true
    } else if (char === 125 || char === 93) depth -= 1
  }
  return false
}

const storable = (text: string) => !text.includes('\u0000') && text.isWellFormed()
const keysOfObjects = new Set(['__proto__', 'constructor', 'prototype'])

/** Strings PostgreSQL cannot hold and keys that change objects are refused wherever they stand. */
function refuseUnstorable(value: unknown, path: string): void {
  if (typeof value === 'string' && !storable(value))
    throw malformed('holds a NUL character or half a surrogate pair', path)
  if (typeof value !== 'object' || value === null) return
  for (const [key, child] of Object.entries(value)) {
    const place = path === 'body' ? key : `${path}.${key}`
    if (keysOfObjects.has(key) || !storable(key))
      throw malformed('is not a known field', place.slice(0, 300))
    refuseUnstorable(child, place)
  }
}

/**
 * Whether an object of this valid JSON names a member twice, however it is spelt. Parsers differ in which of the two they
 * take, so a gateway before us may have judged another request than the one that we would carry out.
 */
function saysTwice(json: string): string | undefined {
  const open: (Set<string> | undefined)[] = []
  const colon = /\s*:/y
  for (let at = 0; at < json.length; at++) {
    const char = json.charCodeAt(at)
    if (char === 123) open.push(new Set())
    else if (char === 91) open.push(undefined)
    else if (char === 125 || char === 93) open.pop()
    if (char !== 34) continue
    const from = at
    for (at++; json.charCodeAt(at) !== 34; at++) if (json.charCodeAt(at) === 92) at++
    const names = open.at(-1)
    colon.lastIndex = at + 1
    if (names === undefined || !colon.test(json)) continue
    const name = String(JSON.parse(json.slice(from, at + 1)))
    if (names.has(name)) return name
    names.add(name)
  }
  return undefined
}

/** The JSON of a request, as it came and parsed. The limit of 256 KiB was kept by the middleware before. */
export async function readJson(c: Context): Promise<{ text: string; value: unknown }> {
  const type = c.req.header('content-type') ?? ''
  if (!jsonType.test(type) || otherCharset.test(type)) {
    throw new DomainError(
      'unsupported_media_type',
      'Send the body as application/json, in UTF-8.',
      {
        param: 'Content-Type',
      },
    )
  }
  const coding = c.req.header('content-encoding')
  if (coding !== undefined && coding.toLowerCase() !== 'identity')
    throw new DomainError('unsupported_media_type', 'Send the body as it is, not compressed.', {
      param: 'Content-Encoding',
    })
  const bytes = await c.req.arrayBuffer()
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw malformed('is not UTF-8')
  }
  if (isTooDeep(text)) throw malformed(`is nested deeper than ${depthMax} levels`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw malformed('is not JSON')
  }
  refuseUnstorable(value, 'body')
  const twice = saysTwice(text)
  if (twice !== undefined) throw malformed('is given more than once', twice.slice(0, 100))
  return { text, value }
}

/** Money is of a currency we can count in; which those are is more than a pattern can say. */
export function refuseUnknownMoney(value: unknown, path: readonly string[] = []): void {
  if (typeof value !== 'object' || value === null) return
  const isMoney = 'amount' in value && 'currency' in value
  if (isMoney && typeof value.currency === 'string' && !isKnownCurrency(value.currency)) {
    const param = [...path, 'currency'].join('.')
    throw new DomainError('unsupported_currency', `${param}: ${value.currency}`, { param })
  }
  for (const [key, child] of Object.entries(value)) refuseUnknownMoney(child, [...path, key])
}

/**
 * The text of a member of the outermost object, byte for byte as it stands in valid JSON; the last of that name, as
 * parsers take it.
 */
export function memberText(json: string, name: string): string | undefined {
  let [depth, start, end] = [0, 0, 0]
  let key = ''
  let found: string | undefined
  const close = () => {
    if (key === name) found = json.slice(start, end).trim()
  }
  for (let at = 0; at < json.length; at++) {
    const char = json[at]
    if (char === '"') {
      const from = at
      for (at++; json[at] !== '"'; at++) if (json[at] === '\\') at++
      const isKey = depth === 1 && start === 0
      if (isKey) key = String(JSON.parse(json.slice(from, at + 1)))
    } else if (char === '{' || char === '[') depth += 1
    else if (char === '}' || char === ']') depth -= 1
    if (char === ':' && depth === 1 && start === 0) start = at + 1
    if ((char === ',' && depth === 1) || (char === '}' && depth === 0)) {
      end = at
      close()
      start = 0
    }
  }
  return found
}
