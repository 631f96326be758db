// One call of an operator's code in an engine of its own: facts in as JSON text, an answer out as JSON text, and nothing
// else. Its work is counted in steps of the engine, not in time, so that the same call ends the same way everywhere.
import {
  newQuickJSWASMModuleFromVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
} from 'quickjs-emscripten-core'
import { sandboxLimits } from './limits.ts'

export type SandboxFault =
  | 'unreadable'
  | 'no_hook'
  | 'steps'
  | 'time'
  | 'memory'
  | 'stack'
  | 'threw'
  | 'promise'
  | 'too_large'
  | 'no_json'
  | 'crashed'

export type SandboxAnswer =
  /** `text` is JSON, made by the engine's own stringifier. */
  | { kind: 'answered'; text: string; polls: number }
  | { kind: 'fault'; fault: SandboxFault; message: string }

export type SandboxCall = {
  source: string
  /** The name of the exported function. */
  hook: string
  /** JSON. */
  facts: string
}

/**
 * What the engine has: no clock (`Date`), no bytes shared with anybody (`TypedArrays` bring SharedArrayBuffer and Atomics),
 * no BigInt constructor: literals remain, whose products and texts take longer than their steps tell.
 */
const intrinsics = {
  BaseObjects: true,
  Eval: true,
  JSON: true,
  MapSet: true,
  Promise: true,
  Proxy: true,
  RegExp: true,
  RegExpCompiler: true,
  StringNormalize: true,
} as const

/** Removed before any of the operator's code is read; what is left is the same on every run. */
const prepare = `
  delete Math.random
  delete globalThis.eval
  for (const name of ['WeakRef', 'FinalizationRegistry', 'performance', 'queueMicrotask', 'navigator', 'console'])
    delete globalThis[name]
  for (const code of ['0', 'async()=>0', 'function*(){}', 'async function*(){}']) {
    const made = code === '0' ? Function : Object.getPrototypeOf((0, Function)('return ' + code)()).constructor
    Object.defineProperty(made.prototype, 'constructor', { value: undefined })
  }
  delete globalThis.Function
  const { parse, stringify } = JSON
  ;({ parse, stringify })
`

/** With a memory of its own for every call: nothing of one call is left for the next. */
async function newEngine(): Promise<QuickJSRuntime> {
  const variant = import('@jitl/quickjs-wasmfile-release-sync')
  return (await newQuickJSWASMModuleFromVariant(variant)).newRuntime()
}

const fault = (kind: SandboxFault, message: string): SandboxAnswer => ({
  kind: 'fault',
  fault: kind,
  message: message.slice(0, 300),
})

/** What the engine threw, as words of ours where it was a limit. */
function thrown({ vm, isOver }: Call, error: QuickJSHandle): SandboxAnswer {
  if (isOver()) return fault('steps', `more than ${sandboxLimits.polls * 10_000} steps`)
  const text = textOf(vm, error)
  if (/out of memory/.test(text)) return fault('memory', text)
  if (/stack overflow/.test(text)) return fault('stack', text)
  return fault('threw', text)
}

/** Read without running anything of the operator's: a getter or a proxy would be code again. */
function textOf(vm: QuickJSContext, error: QuickJSHandle): string {
  if (vm.typeof(error) === 'string') return vm.getString(error)
  if (vm.typeof(error) !== 'object') return 'something that is no error'
  const describe = vm.getProp(vm.getProp(vm.global, 'Object'), 'getOwnPropertyDescriptor')
  const found = vm.callFunction(describe, vm.undefined, [error, vm.newString('message')])
  if (found.error !== undefined || vm.typeof(found.value) !== 'object')
    return 'an error without a message'
  const message = vm.getProp(found.value, 'value')
  return vm.typeof(message) === 'string' ? vm.getString(message) : 'an error without a message'
}

export async function callSandboxed(call: SandboxCall): Promise<SandboxAnswer> {
  if (call.source.length > sandboxLimits.sourceChars)
    return fault('too_large', `a package has at most ${sandboxLimits.sourceChars} characters`)
  const runtime = await newEngine()
  runtime.setMemoryLimit(sandboxLimits.memoryBytes)
  runtime.setMaxStackSize(sandboxLimits.stackBytes)
  const count = { polls: 0 }
  runtime.setInterruptHandler(() => ++count.polls > sandboxLimits.polls)
  return callIn(runtime, call, count)
}

type Call = { vm: QuickJSContext; count: { polls: number }; isOver: () => boolean }

function callIn(
  runtime: QuickJSRuntime,
  { source, hook, facts }: SandboxCall,
  count: { polls: number },
): SandboxAnswer {
  const vm = runtime.newContext({ intrinsics })
  const call = { vm, count, isOver: () => count.polls > sandboxLimits.polls }
  const own = vm.evalCode(prepare, 'prepare.js')
  if (own.error !== undefined) return fault('crashed', textOf(vm, own.error))
  const json = (name: string) => vm.getProp(own.value, name)
  const [parse, stringify] = [json('parse'), json('stringify')]
  const module = moduleOf(call, source)
  if ('kind' in module) return module
  const asked = vm.getProp(module.loaded, hook)
  if (vm.typeof(asked) !== 'function') return fault('no_hook', `it exports no function ${hook}`)
  const given = vm.callFunction(parse, vm.undefined, [vm.newString(facts)])
  if (given.error !== undefined) return thrown(call, given.error)
  const answer = vm.callFunction(asked, vm.undefined, [given.value])
  if (answer.error !== undefined) return thrown(call, answer.error)
  if (isPromise(vm, answer.value))
    return fault('promise', 'a hook answers at once, not by a promise')
  const text = vm.callFunction(stringify, vm.undefined, [answer.value])
  if (text.error !== undefined) return thrown(call, text.error)
  return answered(call, text.value)
}

function moduleOf(call: Call, source: string): SandboxAnswer | { loaded: QuickJSHandle } {
  const { vm } = call
  const loaded = vm.evalCode(source, 'package.js', { type: 'module', strict: true })
  if (loaded.error !== undefined) return unread(thrown(call, loaded.error))
  // A module that waits at its top level has no exports yet.
  const state = vm.getPromiseState(loaded.value)
  switch (state.type) {
    case 'fulfilled':
      return { loaded: state.notAPromise === true ? loaded.value : state.value }
    case 'rejected':
      return unread(thrown(call, state.error))
    case 'pending':
      return fault('promise', 'the module waits at its top level')
  }
}

/** Whatever a module throws while it is read: there is nothing to call. */
const unread = (told: SandboxAnswer): SandboxAnswer =>
  told.kind === 'fault' && told.fault === 'threw' ? fault('unreadable', told.message) : told

function answered({ vm, count }: Call, text: QuickJSHandle): SandboxAnswer {
  if (vm.typeof(text) !== 'string') return fault('no_json', 'the answer is no JSON')
  // Asked inside the engine: a text that is too long never becomes one of ours.
  const length = vm.getNumber(vm.getProp(text, 'length'))
  const { answerChars: most } = sandboxLimits
  return length > most
    ? fault('too_large', `an answer has at most ${most} characters, not ${length}`)
    : { kind: 'answered', text: vm.getString(text), polls: count.polls }
}

const isPromise = (vm: QuickJSContext, value: QuickJSHandle): boolean => {
  const state = vm.getPromiseState(value)
  return state.type !== 'fulfilled' || state.notAPromise !== true
}
