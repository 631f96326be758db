import { relative } from 'node:path'
import { migrate, OtherSchemaError } from '@chargelane/db/migrate'
import { StartError } from './processes.ts'

/** Brings the database of a state folder to this version's schema, or says what to do with the folder. */
export async function prepareSchema(databaseUrl: string, stateDir: string): Promise<void> {
  try {
    await migrate(databaseUrl)
  } catch (error) {
    if (!(error instanceof OtherSchemaError)) throw error
    const folder = relative(process.cwd(), stateDir) || stateDir
    throw new StartError(
      `The database in ${folder} was made by another version of Chargelane, and before the first release none is brought to the next: remove the folder ${folder} and start again.`,
    )
  }
}
