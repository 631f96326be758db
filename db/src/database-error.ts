import postgres from 'postgres'

/** The five-character SQLSTATE of a database error, however deep it is wrapped; `23505` is a unique violation. */
export function sqlState(error: unknown): string | undefined {
  return databaseError(error)?.code
}

/** Name of the constraint a database error speaks of. */
export function violatedConstraint(error: unknown): string | undefined {
  return databaseError(error)?.constraint_name
}

/** The database's own words, without the statement that drizzle puts in front of them. */
export function databaseMessage(error: unknown): string | undefined {
  return databaseError(error)?.message
}

function databaseError(error: unknown): postgres.PostgresError | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at instanceof postgres.PostgresError) return at
  }
  return undefined
}
