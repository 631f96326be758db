import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHmac, randomUUID } from 'node:crypto'
import { type PartnerServer, startPartner } from './partner.ts'

const secret = `whsec_${Buffer.from('a secret of the sandbox, thirty-two').toString('base64')}`
const start = Date.parse('2026-11-30T10:00:00Z')
let nowMs = start
let stateFile: string
let partner: PartnerServer
const open = () => startPartner({ port: 0, stateFile, now: () => new Date(nowMs) })

beforeEach(async () => {
  nowMs = start
  stateFile = join(tmpdir(), `partner-${randomUUID()}.jsonl`)
  partner = await open()
  await control('secret', { secret })
})
afterEach(async () => {
  await partner.stop()
  rmSync(stateFile, { force: true })
})

const control = (what: string, order: object) =>
  fetch(`${partner.url}/_control/p/wallet/${what}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order),
  })

const question = (type: string, id: string, amount?: number) => ({
  id,
  type: `payment.${type}`,
  kind: 'wallet',
  payment: 'pay_1',
  session: 'ses_1',
  payment_source: 'psrc_1',
  payment_method: 'ref-1',
  reference: null,
  ...(amount === undefined ? {} : { amount: { amount, currency: 'EUR' } }),
})

/** As the product asks, apart from what is given otherwise. */
async function ask(
  body: object & { id: string },
  signed: { key?: string; at?: number; body?: string } = {},
) {
  const text = JSON.stringify(body)
  const timestamp = String(Math.floor((signed.at ?? nowMs) / 1000))
  const key = Buffer.from((signed.key ?? secret).slice(6), 'base64')
  const told = `${body.id}.${timestamp}.${signed.body ?? text}`
  const answer = await fetch(`${partner.url}/p/wallet`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': body.id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${createHmac('sha256', key).update(told).digest('base64')}`,
    },
    body: text,
  })
  const said: unknown = await answer.json()
  return { code: answer.status, said }
}

const funds = async (): Promise<unknown> => {
  const answer = await fetch(`${partner.url}/_control/funds`)
  return answer.json()
}

test('holds, takes and gives back once, however often it is asked, also after a restart', async () => {
  for (let time = 0; time < 2; time++) {
    expect(await ask(question('authorize', 'a', 2_500))).toMatchObject({
      code: 200,
      said: { status: 'approved' },
    })
    expect(await ask(question('capture', 'c', 900))).toMatchObject({ said: { status: 'approved' } })
    expect(await ask(question('refund', 'r', 400))).toMatchObject({ said: { status: 'approved' } })
    await partner.stop()
    partner = await open()
  }
  expect(await funds()).toMatchObject([{ status: 'captured', captured: 900, refunded: 400 }])
  const tooMuch = await ask(question('refund', 'r2', 501))
  expect(tooMuch.said).toMatchObject({ status: 'declined', decline_code: 'amount_too_large' })
})

describe('believes no question', () => {
  test('with another secret, or whose body was changed', async () => {
    const key = `whsec_${Buffer.from('another secret, also thirty-two b').toString('base64')}`
    const body = question('authorize', 'a', 2_500)
    expect((await ask(body, { key })).code).toBe(401)
    expect((await ask(body, { body: JSON.stringify(question('authorize', 'a', 1)) })).code).toBe(
      401,
    )
  })

  test('that was recorded and is replayed later, or comes from the future', async () => {
    const body = question('capture', 'c', 900)
    await ask(question('authorize', 'a', 2_500))
    expect((await ask(body)).code).toBe(200)
    nowMs += 6 * 60_000
    expect((await ask(body, { at: start })).code).toBe(401)
    expect((await ask(body, { at: nowMs + 6 * 60_000 })).code).toBe(401)
  })

  test('of a known id with another amount', async () => {
    await ask(question('authorize', 'a', 2_500))
    expect((await ask(question('authorize', 'a', 9_999))).code).toBe(422)
    expect(await funds()).toMatchObject([{ held: 2_500 }])
  })
})

test('approves less, changes its mind and fails as it is told to, and only so often', async () => {
  await control('faults', { type: 'payment.authorize', how: 'less' })
  expect((await ask(question('authorize', 'a', 2_500))).said).toMatchObject({
    amount: { amount: 1_250, currency: 'EUR' },
  })
  await control('faults', { type: 'payment.lookup', how: 'changes_mind' })
  expect((await ask(question('lookup', 'l'))).said).toMatchObject({ status: 'declined' })
  expect((await ask(question('lookup', 'l'))).said).toMatchObject({ status: 'authorized' })
  await control('faults', { type: 'payment.capture', how: 'error' })
  expect((await ask(question('capture', 'c', 900))).code).toBe(500)
  expect((await ask(question('capture', 'c', 900))).said).toMatchObject({ status: 'approved' })
})
