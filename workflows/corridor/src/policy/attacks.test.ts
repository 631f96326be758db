// What an operator's code may try, and what becomes of it.
import { afterAll, describe, expect, test } from 'vitest'
import { createPolicyLanes, type LaneAnswer } from './lanes.ts'
import { laneLimits, sandboxLimits } from './limits.ts'

/** With all the time in the world: what ends a call here is counted, not timed. */
const lanes = createPolicyLanes({ ...laneLimits, wallMs: 300_000 })
/** Where nothing but the time can end it. */
const hasty = createPolicyLanes({ ...laneLimits, wallMs: 300 })
afterAll(async () => {
  await lanes.close()
  await hasty.close()
})

const call = (body: string, facts: unknown = { energy_wh: 12_000 }, lane = 'acct_a') =>
  lanes.call(lane, {
    source: body.includes('export') ? body : `export function hook(facts) { ${body} }`,
    hook: 'hook',
    facts: JSON.stringify(facts),
  })

const pollsOfLoop = async () => {
  const answer = await call('let n = 0; for (let i = 0; i < 300_000; i++) n += i; return n')
  return answer.kind === 'answered' ? answer.polls : answer
}

const valueOf = (answer: LaneAnswer): unknown =>
  answer.kind === 'answered' ? JSON.parse(answer.text) : answer

const faults: [attack: string, code: string, fault: string][] = [
  ['an infinite loop', 'while (true);', 'steps'],
  ['a loop that catches its end', 'for (;;) { try { for (;;); } catch {} }', 'steps'],
  ['a loop in a finally', 'try { while (true); } finally { while (true); }', 'steps'],
  ['a loop while it is read', 'while (true); export function hook() {}', 'steps'],
  ['a loop in a getter of the answer', 'return { get a() { while (true); } }', 'steps'],
  ['a loop in toJSON', 'return { toJSON() { while (true); } }', 'steps'],
  ['a loop in a proxy', 'return new Proxy({}, { ownKeys() { while (true); } })', 'steps'],
  ['a bomb of a regular expression', 'return /^(a+)+$/.test("a".repeat(32) + "!")', 'steps'],
  [
    'an empty match without end',
    'return new RegExp("()*?a").exec(",") ?? [..."x".repeat(9)].map(() => { while (1); })',
    'steps',
  ],
  ['recursion', 'return hook(facts) + 1; function hook2() {}', 'stack'],
  ['a bomb of memory', 'const all = []; while (true) all.push({ all })', 'memory'],
  ['a string of a billion', 'return "x".repeat(2 ** 29)', 'memory'],
  ['a giant answer', 'return "x".repeat(40_000)', 'too_large'],
  ['a package of 1 MB', `export const hook = () => 1 // ${'x'.repeat(1_000_000)}`, 'too_large'],
  ['an answer that never comes', 'return new Promise(() => {})', 'promise'],
  ['an async hook', 'export async function hook() { return 1 }', 'promise'],
  ['a module that waits', 'await new Promise(() => {}); export function hook() {}', 'promise'],
  ['a module that throws', 'throw new Error("no"); export function hook() {}', 'unreadable'],
  ['a module that imports', 'import fs from "node:fs"; export function hook() {}', 'unreadable'],
  ['half a module', 'export function hook( {', 'unreadable'],
  ['no hook', 'export const other = 1', 'no_hook'],
  ['no answer', 'return undefined', 'no_json'],
  ['a symbol', 'return Symbol("a")', 'no_json'],
  ['a throw of nothing', 'throw undefined', 'threw'],
  ['an error whose message loops', 'throw { get message() { while (true); } }', 'threw'],
  ['fetch', 'return fetch("http://127.0.0.1/")', 'threw'],
  ['require', 'return require("node:fs")', 'threw'],
  ['the clock', 'return Date.now()', 'threw'],
  ['chance', 'return Math.random()', 'threw'],
  ['shared memory', 'return Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)', 'threw'],
  ['eval', 'return eval("1")', 'threw'],
  [
    'the constructor of a constructor',
    'return hook.constructor.constructor("return this")()',
    'threw',
  ],
]

describe('an operator’s code', () => {
  test('a thousand arrays in one another are an answer', async () => {
    const nested = await call('let a = []; for (let i = 0; i < 999; i++) a = [a]; return a')
    expect(nested).toMatchObject({ kind: 'answered', text: '['.repeat(1_000) + ']'.repeat(1_000) })
  })

  test.each(faults)('%s is a fault and nothing else', async (_, code, fault) => {
    const answer = await call(code.replaceAll('hook.constructor', '(() => 0).constructor'))
    expect(answer).toMatchObject({ kind: 'fault', fault })
  })

  test.each([
    ['an array printed for ever', 'return new Array(1_000_000_000) + ""'],
    [
      'big numbers, whose digits count no steps',
      'let n = 3n; for (;;) n = n * n % (1n << 900_000n)',
    ],
  ])('%s, which the engine does without asking, ends with its time', async (_, code) => {
    const source = `export function hook() { ${code} }`
    const answer = await hasty.call('acct_a', { source, hook: 'hook', facts: '{}' })
    expect(answer).toMatchObject({ kind: 'fault', fault: 'time' })
  })

  test('a call after every attack is answered as before it', async () => {
    expect(valueOf(await call('return facts.energy_wh * 2'))).toBe(24_000)
  })

  test('ends at the same step on every run', async () => {
    const first = await pollsOfLoop()
    expect(first).toBeGreaterThan(10)
    expect(await pollsOfLoop()).toBe(first)
  })

  test('has nothing of the host: no process, no globals, no way to the engine around it', async () => {
    const seen = await call(`
      const roots = [globalThis, {}, [], () => 0, facts, JSON, Promise.resolve(), hook]
      const found = new Set()
      const walk = (value, depth) => {
        if (value === null || !['object', 'function'].includes(typeof value) || depth > 3) return
        for (const key of Reflect.ownKeys(value)) {
          found.add(String(key))
          let next; try { next = value[key] } catch { continue }
          walk(next, depth + 1)
        }
        walk(Object.getPrototypeOf(value), depth + 1)
      }
      for (const root of roots) walk(root, 0)
      return ['process', 'require', 'fetch', 'Date', 'random', 'SharedArrayBuffer', 'Atomics',
        'WebAssembly', 'setTimeout', 'performance', 'Function', 'eval', 'WeakRef', 'now', 'import', 'os', 'std']
        .filter((name) => found.has(name))`)
    expect(valueOf(seen)).toEqual([])
  })

  test('pollutes no prototype but its own, and that until its call is over', async () => {
    const polluted = await call(`
      Object.prototype.polluted = true
      Array.prototype.map = () => 'mine'
      JSON.parse = JSON.stringify = () => '{"stolen":1e400}'
      return JSON.stringify, { ['__proto__']: { polluted: true }, constructor: { prototype: { polluted: true } } }`)
    const value = valueOf(polluted)
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
    expect([1].map((n) => n + 1)).toEqual([2])
    expect(value).not.toHaveProperty('stolen')
    expect(valueOf(await call('return [typeof {}.polluted, [1].map((n) => n + 1)]'))).toEqual([
      'undefined',
      [2],
    ])
  })

  test('its numbers are JSON numbers: neither NaN nor infinite nor a negative zero', async () => {
    expect(valueOf(await call('return [NaN, 1e400, -1e400, -0]'))).toEqual([null, null, null, 0])
  })

  test('its names may be of any script, and stay what they are', async () => {
    const facts = { größe: '東京 🚗', 'e\u0301': 'é' }
    expect(valueOf(await call('const größe = facts; return größe', facts))).toEqual(facts)
    expect(valueOf(await call('return facts["e\\u0301"].normalize("NFD").length', facts))).toBe(2)
  })
})

describe('a lane', () => {
  const slow = 'return new Array(1_000_000_000) + ""'

  test('one operator’s endless call delays no other operator', async () => {
    const order: string[] = []
    const own = createPolicyLanes({ ...laneLimits, wallMs: 20_000 })
    const ask = (lane: string, body: string) =>
      own.call(lane, { source: `export function hook() { ${body} }`, hook: 'hook', facts: '{}' })
    const endless = ask('acct_slow', slow).then(() => order.push('slow'))
    await ask('acct_fast', 'return 1').then(() => order.push('fast'))
    await own.close()
    await endless
    expect(order).toEqual(['fast', 'slow'])
  })

  test('takes its calls in their order and turns away what would wait behind too many', async () => {
    const own = createPolicyLanes({ waiting: 2, threads: 1, idleMs: 1_000, wallMs: 30_000 })
    const ask = (lane: string, body: string) =>
      own.call(lane, { source: `export function hook() { ${body} }`, hook: 'hook', facts: '{}' })
    const asked = [ask('a', 'return 1'), ask('a', 'return 2'), ask('a', 'return 3')]
    const turnedAway = await Promise.all([ask('a', 'return 4'), ask('b', 'return 5')])
    expect(turnedAway).toEqual([
      expect.objectContaining({ fault: 'busy' }),
      expect.objectContaining({ fault: 'busy' }),
    ])
    expect((await Promise.all(asked)).map(valueOf)).toEqual([1, 2, 3])
    // An idle thread gives its place to whoever needs one.
    expect(valueOf(await ask('b', 'return 6'))).toBe(6)
    await own.close()
  })

  test('whoever waits when the process stops is told so', async () => {
    const own = createPolicyLanes({ waiting: 2, threads: 1, idleMs: 1_000, wallMs: 30_000 })
    const waiting = own.call('a', {
      source: `export function hook() { ${slow} }`,
      hook: 'hook',
      facts: '{}',
    })
    await own.close()
    expect(await waiting).toMatchObject({ kind: 'fault', fault: 'busy' })
  })
})

test('a package has room for what an operator writes by hand', () => {
  expect(sandboxLimits.sourceChars).toBeGreaterThanOrEqual(100_000)
})
