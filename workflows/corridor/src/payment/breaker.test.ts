import { expect, test } from 'vitest'
import { createBreaker } from './breaker.ts'
import { MoneyFailure } from './payment.ts'

const silence = () => new MoneyFailure('no connection', { code: 'unreachable', retryable: true })

function scene() {
  let nowMs = 0
  let asked = 0
  const breaker = createBreaker({
    now: () => new Date(nowMs),
    failuresMax: 3,
    restMs: 30_000,
  })
  const ask = (answer: () => Promise<string>) =>
    breaker.call(() => {
      asked += 1
      return answer()
    })
  const fail = async (times: number, error: () => Error = silence) => {
    for (let time = 0; time < times; time++)
      await expect(ask(() => Promise.reject(error()))).rejects.toThrow()
  }
  return {
    breaker,
    ask,
    fail,
    pass: (ms: number) => {
      nowMs += ms
    },
    asked: () => asked,
  }
}

const yes = () => Promise.resolve('yes')

test('F16: after three calls without an answer nobody is asked for half a minute, and everybody hears for how long', async () => {
  const { breaker, ask, fail, pass, asked } = scene()
  await fail(2)
  expect(breaker.outage()).toBeUndefined()
  await fail(1)
  expect(breaker.outage()).toEqual({ retryAfterS: 30 })
  pass(10_000)
  await expect(ask(yes)).rejects.toMatchObject({ code: 'psp_unavailable', retryable: true })
  expect(breaker.outage()).toEqual({ retryAfterS: 20 })
  expect(asked()).toBe(3)
})

test('F16: one call finds out whether it is back; others wait for what that one hears', async () => {
  const { breaker, ask, fail, pass, asked } = scene()
  await fail(3)
  pass(30_000)
  expect(breaker.outage()).toBeUndefined()
  const answer = Promise.withResolvers<string>()
  const probe = ask(() => answer.promise)
  await expect(ask(yes)).rejects.toMatchObject({ code: 'psp_unavailable' })
  expect(breaker.outage()).toEqual({ retryAfterS: 30 })
  answer.resolve('yes')
  expect(await probe).toBe('yes')
  expect(await ask(yes)).toBe('yes')
  expect(asked()).toBe(5)
})

test('F16: a probe that nobody answers begins another half minute', async () => {
  const { breaker, fail, pass } = scene()
  await fail(3)
  pass(30_000)
  await fail(1)
  expect(breaker.outage()).toEqual({ retryAfterS: 30 })
})

test('a provider that refuses, or has not decided yet, is no outage', async () => {
  const { breaker, fail } = scene()
  await fail(5, () => new MoneyFailure('no', { code: 'amount_invalid', retryable: false }))
  await fail(
    5,
    () => new MoneyFailure('wait', { code: 'processing', retryable: true, isAnswered: true }),
  )
  await fail(2)
  await fail(1, () => new MoneyFailure('no', { code: 'amount_invalid', retryable: false }))
  await fail(2)
  expect(breaker.outage()).toBeUndefined()
})

test('a failure that is our own says nothing of the provider', async () => {
  const { breaker, fail } = scene()
  await fail(9, () => new TypeError('a bug'))
  expect(breaker.outage()).toBeUndefined()
})
