// Both fences: no query finds what belongs to another account, and neither does any SQL under the tenant's role.
import { readdirSync, readFileSync } from 'node:fs'
import { getTableColumns, getTableName, is, sql as raw } from 'drizzle-orm'
import { PgTable } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asAccount, connect, everyAccount, sqlState } from '../client.ts'
import * as schema from '../schema.ts'
import { at, isNothing, notAsked, queries } from './tenancy-queries.ts'
import { testDatabase } from '../testing.ts'
import * as accounts from '../queries/partners/accounts.ts'
import { postEntry } from '../queries/ledger/ledger.ts'

const database = await testDatabase({ anyEvents: true })
const { db, adminUrl } = database
const owner = connect({ url: adminUrl, role: null, max: 1 })
afterAll(async () => {
  await owner.close()
  await database.stop()
})

/** Ids of the one world there is: partner A sold a session at CPO X. B and Y have nothing. */
const [A, X, B, Y] = ['acct_A', 'acct_X', 'acct_B', 'acct_Y']
const tables = Object.values(schema).filter((it) => is(it, PgTable))

/** Inserts one row; what is not given is made up from the column's type. */
async function put(table: PgTable, values: Record<string, unknown> = {}): Promise<void> {
  const row: Record<string, unknown> = {}
  for (const [name, column] of Object.entries(getTableColumns(table))) {
    if (name in values || !column.notNull || column.hasDefault || column.generated) continue
    const type = column.getSQLType()
    if (column.enumValues?.length) row[name] = column.enumValues[0]
    else if (type === 'text') row[name] = `${getTableName(table)}_1`
    else if (type.startsWith('timestamp')) row[name] = at
    else if (type === 'jsonb') row[name] = {}
    else if (type === 'bytea') row[name] = Buffer.from(getTableName(table))
    else if (type === 'text[]') row[name] = []
    else row[name] = 1
  }
  await owner.insert(table).values({ ...row, ...values })
}

beforeAll(async () => {
  for (const [id, type] of [
    [A, 'partner'],
    [B, 'partner'],
    [X, 'cpo'],
    [Y, 'cpo'],
  ]) {
    await put(schema.accounts, { id, type, iban: 'DE89370400440532013000' })
  }
  for (const accountId of [A, X]) {
    const digest = Buffer.from(accountId ?? '')
    await put(schema.apiKeys, { id: `key_${accountId}`, accountId, digest })
  }
  await put(schema.agreements, { cpoId: X })
  await put(schema.vatChecks, { accountId: X, recordedBy: X })
  await put(schema.partyClaims, { id: 'pty_1', accountId: X, status: 'verified' })
  const rate = { cpoId: X, partnerId: A, proposedBy: A, status: 'proposed' }
  await put(schema.rateAgreements, { id: 'rag_1', ...rate })
  await put(schema.drivers, { id: 'drv_1', accountId: A })
  const source = { accountId: A, driverId: 'drv_1', kind: 'account' }
  await put(schema.paymentSources, { id: 'psrc_1', ...source })
  const card = { accountId: A, driverId: 'drv_1', paymentSourceId: 'psrc_1' }
  await put(schema.tokens, { id: 'tok_1', uid: 'CARD', ...card })
  await put(schema.connections, { id: 'ocn_1', cpoId: X, protocol: 'node' })
  const supply = { connectionId: 'ocn_1', cpoId: X }
  await put(schema.locations, { id: 'loc_1', ...supply, latitude: 53, longitude: 10 })
  await put(schema.evses, { id: 'evs_1', locationId: 'loc_1', ...supply })
  await put(schema.connectors, { id: 'con_1', evseId: 'evs_1' })
  await put(schema.connectorUsage, { connectorId: 'con_1' })
  await put(schema.meterKeys, { evseId: 'evs_1', cpoId: X })
  await put(schema.tariffs, { id: 'trf_1', ...supply, status: 'valid' })
  await put(schema.tariffs, { id: 'trf_2', ...supply, status: 'invalid', ocpiId: 'bad' })
  await put(schema.chargeStations, { id: 'cs_1', ...supply })
  await put(schema.ocppTransactions, { chargeStationId: 'cs_1', sessionId: 'ses_1' })
  await put(schema.supplySessions, { connectionId: 'ocn_1' })
  const place = { evseId: 'evs_1', connectorId: 'con_1', cpoId: X, accountId: A }
  await put(schema.quotes, { id: 'quo_1', ...place, paymentSourceId: 'psrc_1' })
  const driven = { driverId: 'drv_1', endedAt: at }
  const sold = { quoteId: 'quo_1', connectionId: 'ocn_1' }
  await put(schema.sessions, { id: 'ses_1', ...place, ...driven, ...sold })
  await put(schema.plans, { id: 'pln_1', ownerId: A })
  const plan = { subscriptionId: 'sub_1', planId: 'pln_1' }
  await put(schema.subscriptions, { id: 'sub_1', accountId: A, driverId: 'drv_1', ownerId: A })
  await put(schema.subscriptionVersions, { ...plan, planVersion: 1 })
  await put(schema.allowanceUses, { quoteId: 'quo_1', subscriptionId: 'sub_1' })
  const repaid = { purpose: 'reimbursement', reference: { rate: 'reimbursement_rates_1' } }
  await put(schema.ratings, { sessionId: 'ses_1', accountId: A, ...repaid })
  await put(schema.reimbursementRates, { accountId: A })
  await put(schema.creditLines, { accountId: A })
  await put(schema.riskPolicies, { accountId: A })
  const session = { sessionId: 'ses_1' }
  for (const table of [
    schema.timeline,
    schema.meterValues,
    schema.protocolMessages,
    schema.signedValues,
    schema.supplyEvents,
    schema.sales,
    schema.evidencePacks,
    schema.sessionTerms,
  ])
    await put(table, session)
  await put(schema.evseClaims, { ...session, cpoId: X })
  await put(schema.commands, { ...session, connectionId: 'ocn_1' })
  await put(schema.cdrs, { id: 'cdr_1', ...session, connectionId: 'ocn_1' })
  await put(schema.priceProofs, { id: 'prf_1', ...session, cdrId: 'cdr_1' })
  await put(schema.suspenseItems, { id: 'sus_1', ...session, cdrId: 'cdr_1', cpoId: X })
  await put(schema.incidents, { id: 'inc_1', ...session, accountId: A })
  const paid = { accountId: A, paymentSourceId: 'psrc_1', status: 'captured' }
  await put(schema.payments, { id: 'pay_1', ...session, ...paid, kind: 'account' })
  await put(schema.refunds, { ...session, paymentId: 'pay_1' })
  await put(schema.debts, { ...session, accountId: A, paymentSourceId: 'psrc_1' })
  await put(schema.tokenAuthorizations, { connectionId: 'ocn_1' })
  await put(schema.approvals)
  await put(schema.bankLines, { accountId: A })
  await put(schema.fxRates)
  await put(schema.platformSettings)
  await put(schema.invoices, { id: 'inv_1', ...session, sellerId: X, buyerAccountId: A })
  await put(schema.invoiceSeries)
  await put(schema.signingKeys)
  await put(schema.paymentEvents)
  await put(schema.payables, { ...session, payeeId: X })
  await put(schema.settlements, { id: 'stl_1', payeeId: X, statementPdf: Buffer.from('pdf') })
  const body = { type: 'session.ended' }
  await put(schema.events, { id: 'evt_1', accountId: A, objectId: 'ses_1', body })
  await put(schema.webhookEndpoints, { id: 'we_1', accountId: A, eventTypes: ['*'] })
  await put(schema.webhookDeliveries, { id: 'whd_1', endpointId: 'we_1', eventId: 'evt_1' })
  await put(schema.webhookReplays, { endpointId: 'we_1' })
  await put(schema.idempotencyKeys, { accountId: A, key: 'k' })
  await postEntry(db, {
    key: 'k',
    kind: 'capture',
    sessionId: 'ses_1',
    effectiveAt: at,
    postings: [
      { account: 'a', amount: { amount: 5, currency: 'EUR' } },
      { account: 'b', amount: { amount: -5, currency: 'EUR' } },
    ],
  })
})

/** Rows of each table that the tenant's role shows to an account; -1 where it may not even look. */
async function visibleTo(accountId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const table of tables) {
    const name = getTableName(table)
    const count = raw`select count(*) as n from ${raw.identifier(name)}`
    counts[name] = await asAccount(db, accountId, (tx) => tx.execute<{ n: number }>(count)).then(
      ([row]) => row?.n ?? 0,
      (error: unknown) => (sqlState(error) === '42501' ? -1 : Promise.reject(error)),
    )
  }
  return counts
}

const publicTables = {
  locations: 1,
  evses: 1,
  connector_usage: 1,
  connectors: 1,
  meter_keys: 1,
  tariffs: 1,
  fx_rates: 1,
  platform_settings: 1,
}
const shut = `approvals bank_lines invoice_series payment_events protocol_messages refunds sales
  session_terms signed_values signing_keys supply_events supply_sessions token_authorizations`.split(
  /\s+/,
)

describe('row-level security', () => {
  test('every table of the schema holds a row of this test, so nothing is missed', async () => {
    const counts = await Promise.all(
      tables.map(async (table) => {
        const name = getTableName(table)
        const [row] = await owner.execute(raw`select count(*) as n from ${raw.identifier(name)}`)
        return row?.['n'] === 0 ? [name] : []
      }),
    )
    expect(counts.flat()).toEqual([])
  })

  test('every table has row-level security, with a way through for our own processes', async () => {
    const open = await owner.execute(raw`
      select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and (not c.relrowsecurity or not exists (select from pg_policies p
        where p.tablename = c.relname and p.policyname = 'platform'))`)
    expect(open).toEqual([])
  })

  for (const stranger of [B, Y]) {
    test(`${stranger} sees itself and public supply, and nothing else in any table`, async () => {
      const seen = Object.entries(await visibleTo(stranger ?? '')).filter(([, n]) => n > 0)
      expect(Object.fromEntries(seen)).toEqual({ accounts: 1, ...publicTables })
    })
  }

  test('without an account, and with one that does not exist, only public supply is seen', async () => {
    for (const nobody of ['', 'acct_NONE', '%', "' or true --"]) {
      const seen = Object.entries(await visibleTo(nobody)).filter(([, n]) => n > 0)
      expect(Object.fromEntries(seen)).toEqual(publicTables)
    }
  })

  test('the partner sees its demand side', async () => {
    const seen = Object.entries(await visibleTo(A ?? '')).filter(([, n]) => n > 0)
    const own =
      `accounts api_keys drivers payment_sources tokens quotes sessions evse_claims timeline commands meter_values
      evidence_packs cdrs price_proofs payments debts invoices events webhook_endpoints webhook_deliveries webhook_replays
      idempotency_keys rate_agreements plans subscriptions subscription_versions allowance_uses ratings reimbursement_rates
      credit_lines risk_policies incidents`.split(/\s+/)
    expect(Object.fromEntries(seen)).toEqual({
      ...publicTables,
      ...Object.fromEntries(own.map((name) => [name, 1])),
    })
  })

  test('the CPO sees its supply side, its invalid tariff included', async () => {
    const seen = Object.entries(await visibleTo(X ?? '')).filter(([, n]) => n > 0)
    const own =
      `accounts api_keys agreements vat_checks party_claims rate_agreements connections charge_stations ocpp_transactions sessions timeline evse_claims
      commands meter_values evidence_packs cdrs price_proofs suspense_items invoices payables settlements`.split(
        /\s+/,
      )
    expect(Object.fromEntries(seen)).toEqual({
      ...publicTables,
      ...Object.fromEntries(own.map((name) => [name, 1])),
      tariffs: 2,
    })
  })

  test('raw protocol messages, inboxes and number series are shut to every tenant', async () => {
    for (const account of [A, X, B, Y, everyAccount]) {
      const seen = await visibleTo(account ?? '')
      const denied = Object.entries(seen).filter(([, n]) => n === -1)
      expect(denied.map(([name]) => name).toSorted()).toEqual(shut)
    }
  })

  test('finance and platform see everything that is not shut', async () => {
    const seen = await visibleTo(everyAccount)
    expect(Object.entries(seen).filter(([, n]) => n === 0)).toEqual([])
  })

  test('a tenant changes and deletes nothing of others, whatever the statement', async () => {
    for (const table of tables) {
      const name = getTableName(table)
      const column = Object.values(getTableColumns(table))[0]?.name ?? ''
      const same = raw.raw(
        column.replaceAll(/([A-Z])/g, (letter: string) => `_${letter.toLowerCase()}`),
      )
      for (const statement of [
        raw`update ${raw.identifier(name)} set ${same} = ${same} where true returning 1`,
        raw`delete from ${raw.identifier(name)} where true returning 1`,
      ]) {
        const changed = await asAccount(db, 'acct_B', (tx) => tx.execute(statement)).then(
          (rows) => rows.length,
          (error: unknown) => sqlState(error),
        )
        expect([name, changed === 0 || changed === '42501' || changed === '428C9']).toEqual([
          name,
          true,
        ])
      }
    }
  })

  test('a tenant cannot write a row in another account’s name', async () => {
    await db.execute(raw`insert into drivers (id, account_id, external_id, created_at)
      values ('drv_B', 'acct_B', 'x', ${at}) on conflict do nothing`)
    const attempts = [
      raw`insert into drivers (id, account_id, external_id, created_at) values ('drv_9', 'acct_A', 'x', ${at})`,
      raw`update drivers set account_id = 'acct_A'`,
      raw`insert into party_claims (id, country_code, party_id, account_id, kind, status, created_at)
          values ('pty_8', 'DE', 'XXX', 'acct_X', 'own', 'verified', ${at})`,
      raw`insert into party_claims (id, country_code, party_id, account_id, kind, status, created_at)
          values ('pty_9', 'DE', 'XXX', 'acct_B', 'granted', 'verified', ${at})`,
      raw`insert into vat_checks (id, account_id, vat_id, valid, source, reference, checked_at, recorded_by, recorded_at)
          values ('vck_9', 'acct_B', 'DE136695976', true, 'vies', 'x', ${at}, 'acct_B', ${at})`,
      raw`insert into events (id, account_id, object_id, sequence, body, dedupe_key, created_at)
          values ('evt_9', 'acct_A', 'x', 9, '{}', 'x9', ${at})`,
    ]
    for (const attempt of attempts) {
      const error = await asAccount(db, 'acct_B', (tx) => tx.execute(attempt)).then(
        () => undefined,
        (reason: unknown) => reason,
      )
      expect(sqlState(error)).toBe('42501')
    }
    await owner.execute(raw`delete from drivers where id = 'drv_B'`)
  })

  test('a row of one’s own names nothing of somebody else’s', async () => {
    const strangers = [
      raw`insert into webhook_endpoints (id, account_id, url, secret, event_types, created_at)
          values ('we_B', 'acct_B', 'https://b.example', 's', '{*}', ${at})`,
      raw`insert into drivers (id, account_id, external_id, created_at) values ('drv_B', 'acct_B', 'x', ${at})`,
      raw`insert into connections (id, cpo_id, protocol, status, country_code, party_id, created_at)
          values ('ocn_Y', 'acct_Y', 'node', 'live', 'DE', 'YYY', ${at})`,
    ]
    for (const stranger of strangers) await owner.execute(stranger)
    const attempts: [string, string, string][] = [
      [
        'acct_B',
        'webhook_deliveries',
        `(id, endpoint_id, event_id, object_id, sequence, state, next_attempt_at, created_at)
          values ('wd_x', 'we_B', 'evt_1', 'x', 1, 'dead', now(), now())`,
      ],
      [
        'acct_B',
        'payment_sources',
        `(id, account_id, driver_id, kind, created_at) values ('psrc_9', 'acct_B', 'drv_1', 'account', now())`,
      ],
      [
        'acct_B',
        'tokens',
        `(id, account_id, driver_id, payment_source_id, uid, type, contract_id, created_at, updated_at)
          values ('tok_9', 'acct_B', 'drv_B', 'psrc_1', 'U', 'RFID', 'C', now(), now())`,
      ],
      [
        'acct_Y',
        'evses',
        `select 'evs_9', location_id, 'ocn_Y', 'acct_Y', ocpi_uid || '9', evse_id, evse_key, claimed_key, operator,
          identity, status, status_at, capabilities, null, null, last_updated from evses limit 1`,
      ],
      [
        'acct_Y',
        'charge_stations',
        `(id, cpo_id, connection_id, identity, password_digest, created_at)
          values ('cs_9', 'acct_Y', 'ocn_1', 'I', 'x', now())`,
      ],
      [
        'acct_B',
        'rate_agreements',
        `(id, version, cpo_id, partner_id, proposed_by, status, name, terms, effective_from, created_at)
          values ('rag_9', 1, 'acct_X', 'acct_B', 'acct_X', 'active', 'n', '{}', now(), now())`,
      ],
    ]
    for (const [account, table, row] of attempts) {
      const answer = await asAccount(db, account, (tx) =>
        tx.execute(raw.raw(`insert into ${table} ${row}`)),
      ).then(
        () => 'written',
        (error: unknown) => sqlState(error),
      )
      expect([table, answer]).toEqual([table, '42501'])
    }
    await owner.execute(raw`delete from webhook_endpoints where id = 'we_B'`)
    await owner.execute(raw`delete from drivers where id = 'drv_B'`)
    await owner.execute(raw`delete from connections where id = 'ocn_Y'`)
  })

  test('a CPO changes its own places and prices, and another CPO does not', async () => {
    const changes = [
      'locations set last_updated = last_updated',
      'tariffs set status = status',
    ].map((change) => raw.raw(`update ${change} returning id`))
    for (const change of changes) {
      expect((await asAccount(db, 'acct_X', (tx) => tx.execute(change))).length).toBeGreaterThan(0)
      expect(await asAccount(db, 'acct_Y', (tx) => tx.execute(change))).toHaveLength(0)
    }
  })

  test('a tenant cannot raise its own share, change its type, lift its suspension or take a name', async () => {
    for (const set of [
      'partner_share_bps = 10000',
      "type = 'platform'",
      "status = 'active'",
      "verification = 'verified'",
      'vat_checked_at = now()',
      "legal_name = 'Voltwerk GmbH'",
      "vat_id = 'DE136695976'",
    ]) {
      const statement = raw.raw(`update accounts set ${set} where id = 'acct_B'`)
      const error = await asAccount(db, 'acct_B', (tx) => tx.execute(statement)).then(
        () => undefined,
        (reason: unknown) => reason,
      )
      expect(sqlState(error)).toBe('42501')
    }
    const own = await asAccount(db, 'acct_B', (tx) =>
      accounts.updateAccount(tx, 'acct_B', 'acct_B', { iban: 'DE02120300000000202051' }),
    )
    expect(own?.iban).toBe('DE02120300000000202051')
  })
})

/** Everything that is anyone's, to see that a refused change changed nothing. */
const world = () =>
  owner.execute(raw`select (select jsonb_agg(a order by a.id) from accounts a) as accounts,
    (select jsonb_agg(t) from tokens t) as tokens, (select jsonb_agg(p) from payment_sources p) as sources,
    (select jsonb_agg(k order by k.id) from api_keys k) as keys, (select jsonb_agg(i) from idempotency_keys i) as idem,
    (select jsonb_agg(d) from webhook_deliveries d) as deliveries,
    (select jsonb_agg(q) from quotes q) as quotes, (select jsonb_agg(w order by w.id) from webhook_endpoints w) as hooks`)

describe('queries', () => {
  for (const [name, ask] of Object.entries(queries)) {
    test(`${name} finds and changes nothing of another account, with and without the second fence`, async () => {
      const before = await world()
      for (const stranger of ['acct_B', 'acct_Y']) {
        expect(isNothing(await ask(db, stranger))).toBe(true)
        const fenced = await asAccount(db, stranger, (tx) => ask(tx, stranger)).then(
          isNothing,
          (error: unknown) => sqlState(error) === '42501',
        )
        expect(fenced).toBe(true)
      }
      expect(await world()).toEqual(before)
    })
  }

  test('the same queries do find what the account owns, or this file would prove nothing', async () => {
    const silent = ['completeIdempotent', 'abandonIdempotent', 'releaseIdempotent']
    const blind: string[] = []
    for (const [name, ask] of Object.entries(queries)) {
      if (silent.includes(name)) continue
      const undo = new Error('undo')
      await db
        .tx(async (tx) => {
          const found = [await ask(tx, 'acct_A'), await ask(tx, 'acct_X')]
          if (found.every(isNothing)) blind.push(name)
          throw undo
        })
        .catch((error: unknown) => {
          if (error !== undo) throw error
        })
    }
    expect(blind).toEqual([])
  })

  test('no query that takes an account is missing here', () => {
    const folder = new URL('../queries/', import.meta.url)
    const takesAccount =
      /export (?:async )?function (\w+)\(\s*\w+: \w+,\s*(?:accountId|payeeId|scope|cpoId|partnerId): [^,]+,/g
    const found = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && file !== 'page.ts')
      .flatMap((file) => [...readFileSync(new URL(file, folder), 'utf8').matchAll(takesAccount)])
      .map((match) => match[1] ?? '')
    expect(found.length).toBeGreaterThan(30)
    expect(found.filter((name) => !(name in queries) && !(name in notAsked))).toEqual([])
  })
})
