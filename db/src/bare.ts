// The least a route of ours can ask of the database: one read and one write, each a statement of its own. A yardstick.
import postgres from 'postgres'

export type Bare = {
  readAndWrite(body: string): Promise<{ id: string }>
  close(): Promise<void>
}

export async function openBare(url: string): Promise<Bare> {
  const sql = postgres(url, { max: 10, onnotice: () => undefined })
  await sql`create table if not exists bench_bare (id bigserial primary key, account text not null, body jsonb not null)`
  return {
    async readAndWrite(body) {
      const [account] = await sql<
        { id: string }[]
      >`select id from accounts where type = ${'platform'} limit 1`
      const id = account?.id ?? ''
      await sql`insert into bench_bare (account, body) values (${id}, ${sql.json(JSON.parse(body))})`
      return { id }
    },
    close: () => sql.end({ timeout: 5 }),
  }
}
