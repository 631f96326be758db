// Both fences: no query finds what belongs to another account, and neither does any SQL under the tenant's role.
import { readdirSync, readFileSync } from 'node:fs'
import { getTableColumns, getTableName, is, sql as raw, type SQL } from 'drizzle-orm'
import { PgTable } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asAccount, connect, everyAccount, sqlState } from '../client.ts'
import * as schema from '../schema.ts'
import { isNothing, notAsked, queries } from './tenancy-queries.ts'
import { at, putInto, putParties, putWorld, stranger, world } from './world.ts'
import { testDatabase } from '../testing.ts'
import * as accounts from '../queries/partners/accounts.ts'
import { foldBalances, watermark } from '../queries/ledger/balances.ts'
import { postEntry } from '../queries/ledger/ledger.ts'

const database = await testDatabase({ anyEvents: true })
const { db, adminUrl } = database
const owner = connect({ url: adminUrl, role: null, max: 1 })
afterAll(async () => {
  await owner.close()
  await database.stop()
})

const [A, X, B, Y] = [world.partner, world.cpo, stranger.partner, stranger.cpo]
const tables = Object.values(schema).filter((it) => is(it, PgTable))
const put = putInto(owner, 1)

/** One world there is: partner A sold a session at CPO X. B and Y have nothing. */
beforeAll(async () => {
  await putParties(put, stranger)
  await putWorld(put, world)
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
  await foldBalances(db, await watermark(db))
  await put(schema.ledgerCloses)
  await put(schema.ledgerPeriods)
})

type Count = { n: number }
/** Rows of each table as somebody sees it; -1 where it may not even look. */
async function countsOf(ask: (count: SQL) => Promise<Count[]>): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const table of tables) {
    const name = getTableName(table)
    counts[name] = await ask(raw`select count(*) as n from ${raw.identifier(name)}`).then(
      ([row]) => row?.n ?? 0,
      (error: unknown) => (sqlState(error) === '42501' ? -1 : Promise.reject(error)),
    )
  }
  return counts
}

/** As the tenant's role shows them to an account. */
const visibleTo = (accountId: string) =>
  countsOf((count) => asAccount(db, accountId, (tx) => tx.execute<Count>(count)))

const publicTables = {
  locations: 1,
  evses: 1,
  connectors: 1,
  meter_keys: 1,
  tariffs: 1,
  fx_rates: 1,
  platform_settings: 1,
}
const shut =
  `access_denials approvals bank_lines bank_statements connector_usage data_keys disputes fx_closings invoice_series open_items payment_events payout_files
  prepaid_balances protocol_messages provider_movements psp_accounts rate_buckets reconciliations refunds sales
  session_terms signed_values signing_keys split_closes statement_lines supply_events supply_sessions timeline token_authorizations`.split(
    /\s+/,
  )

const told = (account: string) =>
  asAccount(db, account, (tx) =>
    tx.execute<{ bps: number | null }>(
      raw`select (commission ->> 'bps')::int as bps from sale_terms`,
    ),
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

  for (const other of [B, Y]) {
    test(`${other} sees itself and public supply, and nothing else in any table`, async () => {
      const seen = Object.entries(await visibleTo(other)).filter(([, n]) => n > 0)
      expect(Object.fromEntries(seen)).toEqual({ accounts: 1, ...publicTables })
    })
  }

  test('without an account, and with one that does not exist, only public supply is seen', async () => {
    for (const nobody of ['', 'acct_NONE', '%', "' or true --"]) {
      const seen = Object.entries(await visibleTo(nobody)).filter(([, n]) => n > 0)
      expect(Object.fromEntries(seen)).toEqual(publicTables)
    }
  })

  test('an account that is only set, without its proof, sees public supply alone', async () => {
    const url = database.url.replace('chargelane@', 'chargelane_tenant@')
    const tenant = connect({ url, role: 'chargelane_app', max: 1 })
    const { prove } = await db.tenants()
    for (const account of ['*', A, X])
      for (const proof of ['', prove(B), prove('')]) {
        await tenant.execute(raw.raw(`set chargelane.account = '${account}'`))
        await tenant.execute(raw.raw(`set chargelane.proof = '${proof}'`))
        const seen = Object.entries(await countsOf((count) => tenant.execute<Count>(count))).filter(
          ([, n]) => n > 0,
        )
        expect(Object.fromEntries(seen)).toEqual(publicTables)
        const [rooms] = await tenant.execute(raw`select count(*) as n from credit_rooms`)
        expect(rooms).toEqual({ n: 0 })
        const [terms] = await tenant.execute(
          raw`select max((commission ->> 'bps')::int) as bps from sale_terms`,
        )
        expect(terms).toEqual({ bps: null })
        const change = raw`update locations set last_updated = last_updated returning id`
        expect(await tenant.execute(change)).toEqual([])
      }
    await tenant.close()
  })

  test('the partner sees its demand side', async () => {
    const seen = Object.entries(await visibleTo(A)).filter(([, n]) => n > 0)
    const own =
      `accounts api_keys drivers payment_sources tokens quotes sessions evse_claims commands meter_values
      evidence_packs cdrs price_proofs payments debts invoices events webhook_endpoints webhook_deliveries webhook_replays
      idempotency_keys rate_agreements contracts driver_groups plans subscriptions subscription_versions allowance_uses ratings reimbursement_rates
      credit_lines risk_policies payment_endpoints incidents`.split(/\s+/)
    expect(Object.fromEntries(seen)).toEqual({
      ...publicTables,
      ...Object.fromEntries(own.map((name) => [name, 1])),
    })
  })

  test('the CPO sees its supply side, its invalid tariff included', async () => {
    const seen = Object.entries(await visibleTo(X)).filter(([, n]) => n > 0)
    const own =
      `accounts api_keys agreements vat_checks party_claims rate_agreements connections charge_stations ocpp_transactions sessions evse_claims
      policy_packages policy_runs policy_package_faults contracts access_rules
      split_policies split_shares split_items split_goldens split_simulations split_simulation_lines
      commands meter_values evidence_packs cdrs price_proofs suspense_items invoices payables settlements bank_accounts payouts platform_settings`.split(
        /\s+/,
      )
    expect(Object.fromEntries(seen)).toEqual({
      ...publicTables,
      ...Object.fromEntries(own.map((name) => [name, 1])),
      tariffs: 2,
      platform_settings: 2,
    })
  })

  test('raw protocol messages, inboxes and number series are shut to every tenant', async () => {
    for (const account of [A, X, B, Y, everyAccount]) {
      const seen = await visibleTo(account)
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
    const inserts = [
      raw`insert into webhook_endpoints (id, account_id, url, secret, event_types, created_at)
          values ('we_B', 'acct_B', 'https://b.example', 's', '{*}', ${at})`,
      raw`insert into drivers (id, account_id, external_id, created_at) values ('drv_B', 'acct_B', 'x', ${at})`,
      raw`insert into connections (id, cpo_id, protocol, status, country_code, party_id, created_at)
          values ('ocn_Y', 'acct_Y', 'node', 'live', 'DE', 'YYY', ${at})`,
    ]
    for (const insert of inserts) await owner.execute(insert)
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

  test('a commission is told to its CPO and to partners, whose share is of it', async () => {
    await put(schema.accounts, { id: 'acct_P', type: 'platform' })
    expect(await told('acct_X')).toEqual([{ bps: 800 }])
    expect(await told(everyAccount)).toEqual([{ bps: 800 }])
    for (const partner of ['acct_A', 'acct_B'])
      expect([partner, await told(partner)]).toEqual([partner, [{ bps: 800 }]])
    for (const other of ['acct_Y', 'acct_NONE', ''])
      expect([other, await told(other)]).toEqual([other, [{ bps: null }]])
    await owner.execute(raw`delete from accounts where id = 'acct_P'`)
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

  test('a tenant cannot change its type, lift its suspension or take a name', async () => {
    for (const set of [
      "type = 'platform'",
      "status = 'active'",
      "verification = 'verified'",
      'vat_checked_at = now()',
      "vat_good_until = 'infinity'",
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
    const address = { street: 'Kai 1', city: 'Hamburg', postal_code: '20457' }
    const own = await asAccount(db, 'acct_B', (tx) =>
      accounts.updateAccount(tx, 'acct_B', 'acct_B', { address }),
    )
    expect(own?.address).toEqual(address)
  })
})

/** Everything that is anyone's, to see that a refused change changed nothing. */
const everything = () =>
  owner.execute(raw`select (select jsonb_agg(a order by a.id) from accounts a) as accounts,
    (select jsonb_agg(t) from tokens t) as tokens, (select jsonb_agg(p) from payment_sources p) as sources,
    (select jsonb_agg(k order by k.id) from api_keys k) as keys, (select jsonb_agg(i) from idempotency_keys i) as idem,
    (select jsonb_agg(d) from webhook_deliveries d) as deliveries,
    (select jsonb_agg(q) from quotes q) as quotes, (select jsonb_agg(w order by w.id) from webhook_endpoints w) as hooks`)

describe('queries', () => {
  for (const [name, ask] of Object.entries(queries)) {
    test(`${name} finds and changes nothing of another account, with and without the second fence`, async () => {
      const before = await everything()
      for (const other of ['acct_B', 'acct_Y']) {
        expect(isNothing(await ask(db, other))).toBe(true)
        const fenced = await asAccount(db, other, (tx) => ask(tx, other)).then(
          isNothing,
          (error: unknown) => sqlState(error) === '42501',
        )
        expect(fenced).toBe(true)
      }
      expect(await everything()).toEqual(before)
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
