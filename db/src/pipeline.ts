// Database txs whose statements wait for no more than they must: the begin goes out with the first of them, and the
// commit may go out with the last. postgres.js' own `begin` waits for an answer at either end.
import { sqlState } from './database-error.ts'

/** A statement of postgres.js; it is handed to its connection in the microtask after `execute`. */
export type Statement = Promise<unknown[] & { command?: string }> & {
  execute(): Statement
  reject(cause: unknown): void
  handler: (statement: Statement) => void
}
export type Unsafe = (text: string, params?: unknown[], options?: object) => Statement

export type Client = {
  unsafe: Unsafe
  begin?: <T>(fn: (tx: Client) => Promise<T>) => Promise<T>
  savepoint?: <T>(fn: (tx: Client) => Promise<T>) => Promise<T>
  /** Of a tx itself, not of a savepoint in it: ends it behind the statements sent so far. */
  commit?: () => Promise<void>
  /** Of a tenant's tx: the proof by which it may be another account's for a few statements. */
  prove?: Prove
}
type Prove = (accountId: string) => string

/** One connection of postgres.js, as far as a tx has to know it. */
type Connection = {
  /** False when nothing more may be sent before what was sent is answered. */
  execute(statement: Statement): boolean
  /** Called when all that was sent is answered. While it is set, the connection is a tx's and none of the pool's. */
  reserved: (() => void) | null
  onclose: ((cause: Error) => void) | null
}

/** Sends `begin` over a connection of the pool, which takes it back by itself when the tx is over. */
function begin(pool: Unsafe, onConnection: (connection: Connection) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let isOurs = false
    const onexecute = (connection: Connection) => {
      isOurs = true
      onConnection(connection)
      resolve()
      return false
    }
    const begun = () => {
      if (!isOurs) reject(new Error('a tx began on a connection of the pool'))
    }
    pool('begin', undefined, { onexecute }).then(begun, reject)
  })
}

type Failure = { error: unknown }

/** Of the socket, not of the server: Node's errors and those of postgres.js about a connection have an `errno`. */
const isOfSocket = (error: unknown): error is Error => error instanceof Error && 'errno' in error

/** The connection of one tx, over which its statements go in their order. */
class Line {
  readonly #pool: Unsafe
  readonly #waiting: Statement[] = []
  readonly #lost = Promise.withResolvers<never>()
  #connection: Connection | undefined
  #isHeld = false
  /** What broke the socket; known before its close is. */
  #broken: Error | undefined
  #savepoints = 0
  /** Why it takes no further statement: `ended`, or how the connection was lost. */
  over: Error | 'ended' | undefined
  readonly prove: Prove | undefined

  constructor(pool: Unsafe, prove?: Prove) {
    this.#pool = pool
    this.prove = prove
    this.#lost.promise.catch(() => undefined)
  }

  /** Rejects when the connection is lost. */
  get lost(): Promise<never> {
    return this.#lost.promise
  }

  begin(): Promise<void> {
    return begin(this.#pool, (connection) => {
      this.#connection = connection
      connection.reserved = () => this.#resume()
      // oxlint-disable-next-line unicorn/prefer-add-event-listener -- a hook of postgres.js, not an event target
      connection.onclose = (cause) => {
        this.over = cause
        this.#lost.reject(cause)
      }
    })
  }

  /** A statement that goes out by its `execute`; `onFailure` hears of its failure, whoever else does. */
  statement(onFailure: (failure: Failure) => void, ...given: Parameters<Unsafe>): Statement {
    if (this.over === 'ended') throw new Error('the tx is over')
    if (this.over !== undefined) throw this.over
    const made = this.#pool(...given)
    made.handler = (statement) => {
      statement.catch((error: unknown) => {
        if (isOfSocket(error)) this.#broken ??= error
        onFailure({ error })
      })
      // What postgres.js is given between a socket's error and its close would hold up the next connection for ever.
      if (this.#broken !== undefined) return statement.reject(this.#broken)
      this.#waiting.push(statement)
      if (!this.#isHeld) this.#resume()
    }
    return made
  }

  #resume(): void {
    this.#isHeld = false
    for (;;) {
      const next: Statement | undefined = this.#isHeld ? undefined : this.#waiting.shift()
      if (next === undefined || this.#connection === undefined) return
      this.#isHeld = !this.#connection.execute(next)
    }
  }

  nextSavepoint(): string {
    return `s${this.#savepoints++}`
  }
}

/** Statements that succeed or fail together: a tx or a savepoint. */
type Scope = Client & { failure: Failure | undefined }

function createScope(line: Line): Scope {
  const scope: Scope = {
    failure: undefined,
    unsafe: (...given) => line.statement((failure) => (scope.failure ??= failure), ...given),
    savepoint: (fn) => runSavepoint(line, fn),
    ...(line.prove === undefined ? {} : { prove: line.prove }),
  }
  return scope
}

/** An aborted tx fails every later statement with the same words: the first failure is the cause. */
const causeOf = (error: unknown, { failure }: Scope): unknown =>
  failure !== undefined && sqlState(error) === '25P02' ? failure.error : error

async function runSavepoint<T>(line: Line, fn: (tx: Client) => Promise<T>): Promise<T> {
  const scope = createScope(line)
  const name = line.nextSavepoint()
  const placed = scope.unsafe(`savepoint ${name}`).execute()
  try {
    const result = await fn(scope)
    await placed
    if (scope.failure !== undefined) throw scope.failure.error
    return result
  } catch (error) {
    if (line.over === undefined) await createScope(line).unsafe(`rollback to ${name}`)
    throw causeOf(error, scope)
  }
}

/**
 * One database tx: commits when `fn` resolves, rolls back when it throws. A statement that failed is never forgotten,
 * whoever caught it, and none is taken after the end.
 */
export async function runTx<T>(
  pool: Unsafe,
  fn: (tx: Client) => Promise<T>,
  prove?: Prove,
): Promise<T> {
  const line = new Line(pool, prove)
  const scope = createScope(line)
  const end = (text: 'commit' | 'rollback') => {
    const ending = scope.unsafe(text).execute()
    line.over = 'ended'
    return ending
  }
  scope.commit = async () => {
    const { command } = await end('commit')
    if (scope.failure !== undefined) throw scope.failure.error
    // A tx that was aborted is told so only here.
    if (command !== 'COMMIT') throw new Error('the tx was rolled back')
  }
  const work = async () => {
    try {
      const result = await fn(scope)
      if (line.over === undefined) await scope.commit?.()
      return result
    } catch (error) {
      if (line.over === undefined) await end('rollback')
      throw causeOf(error, scope)
    }
  }
  await line.begin()
  return Promise.race([work(), line.lost])
}
