import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { eventually, isCaptured, newCharger, newPartner, sellOnce, unique } from './product.ts'

// What every process of the product wrote down while a card charged, a key was rolled and a payer was asked.

const folder = join(dirname(process.env['JOURNEY_STACK'] ?? '.local/stack.json'), 'logs')
const logs = () =>
  readdirSync(folder)
    .filter((name) => /^(api|worker|cpms|roaming)/.test(name))
    .map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const)

test('no log names a card, a bank account, a key or a secret', async () => {
  const partner = await newPartner()
  const { evse, charger, password } = await newCharger()
  const [external_id, uid] = [`driver-${unique()}`, `04${unique()}${unique()}`]
  const payment_source = await partner.source('pm_card_visa', external_id)
  await partner.lane.tokens.create({ driver: { external_id }, payment_source, type: 'RFID', uid })
  const endpoint = await partner.lane.webhook_endpoints.create({
    url: 'http://127.0.0.1:9/',
    events: ['*'],
  })
  const { secret: rolled } = await partner.lane.webhook_endpoints.roll_secret(endpoint.id, {
    overlap_s: 60,
  })
  await charger.startLocal(uid)
  const charging = await eventually(async () => {
    const [session] = (await partner.lane.sessions.list()).data
    if (session?.status !== 'charging') throw new Error('not charging yet')
    return session
  })
  charger.stopLocal()
  await partner.lane.sessions.waitFor(charging.id, isCaptured, { timeoutMs: 60_000 })
  await sellOnce(partner, evse)
  await charger.stop()
  // Each wrote something, and what may be named is: else nothing would be found where nothing is looked at.
  const written = logs().filter(([, text]) => text.length > 0)
  expect(written.map(([name]) => name.replace(/[-.].*/, ''))).toEqual(
    expect.arrayContaining(['api', 'worker', 'cpms', 'roaming']),
  )
  expect(logs().some(([, text]) => text.includes(partner.account.id))).toBe(true)
  const secrets = {
    card: uid,
    driver: external_id,
    iban: 'DE89370400440532013000',
    key: partner.key,
    charger: password,
    webhook: endpoint.secret ?? '',
    rolled: rolled ?? '',
  }
  const found = logs().flatMap(([name, text]) =>
    Object.entries(secrets).flatMap(([what, secret]) =>
      secret !== '' && text.toLowerCase().includes(secret.toLowerCase())
        ? [`${what} in ${name}`]
        : [],
    ),
  )
  expect(Object.values(secrets)).not.toContain('')
  expect(found).toEqual([])
})
