// What a handler gets and must give, read off the contract: a handler that does not fit does not compile.
import type { TryAccount } from '@chargelane/corridor/books/psp-accounts'
import type {
  AccountEventReaders,
  PaymentMethods,
  PaymentSetups,
  ProviderEventReaders,
} from '@chargelane/corridor/payment/kinds'
import type { Db, Tx } from '@chargelane/db'
import type { DoneRequest } from '@chargelane/db/queries/outbox/idempotency'
import type { AccountType, Operation, Scope } from '@chargelane/openapi'
import type { IdKind } from '@chargelane/openapi/vocabulary/ids'
import type { PolicyLanes } from '@chargelane/corridor/policy/lanes'
import type { Logger } from 'pino'
import type { ResidencyRegion } from '@chargelane/openapi/vocabulary/countries'
import type { z } from 'zod'
import type { Corridor } from '../corridor.ts'
import type { Denials } from './door/denials.ts'
import type { RateLimit } from './door/rate-limit.ts'
import type { Versions } from './versions.ts'
import type { Keyring } from '@chargelane/corridor/evidence/keyring'

/** Wakes whoever waits for an object's events: one database listener for all streams of this process. */
export interface Bell {
  /** Resolves at the next event of the object, after `ms`, or when the signal fires. */
  next(objectId: string, ms: number, signal?: AbortSignal): Promise<void>
  /** Called before an object is read; what is returned, with the sequence at which a caller read it. */
  look(objectId: string): (keyId: string, sequence: number) => void
  /** The sequence a caller has just read; forgotten at the object's next event, and after two seconds. */
  seen(objectId: string, keyId: string): number | undefined
  close(): Promise<void>
}

export interface Deps {
  db: Db
  corridor: Corridor
  signer: Keyring
  /** In whose name quotes and packs are signed. */
  issuer: string
  log: Logger
  rateLimit: RateLimit
  denials: Denials
  bell: Bell
  /** The present, as a UTC instant with milliseconds. */
  now: () => string
  version: string
  /** Of the contract. */
  versions: Versions
  /** `ws://host:port/ocpp`, the identity is appended. */
  ocppUrl: string
  /** Where operators find our OCPI interface: `https://…/ocpi`. */
  ocpiUrl: string
  allowLoopbackUrls: boolean
  /** Accounts are verified and free parties granted without a look of the platform's: a sandbox. */
  grantsAtOnce: boolean
  /** The messages of payment providers, by the kind of payment in the path. */
  providerEvents: ProviderEventReaders
  /** The same of partners' own accounts at a provider, which the path names too. */
  accountEvents: AccountEventReaders
  /** A partner's provider account is tried before it is kept. */
  tryPspAccount: TryAccount
  /** Whose data this deployment may hold. */
  residencyRegions: readonly ResidencyRegion[]
  /** Where a payment method is asked for before it is one of ours. */
  paymentMethods: PaymentMethods
  paymentSetups: PaymentSetups
  /** Where operators' own code runs. */
  policies: PolicyLanes
}

/** Who calls. `sees` is the account filter of every query: the caller's own id, or `*` for finance and platform. */
export interface Viewer {
  accountId: string
  type: AccountType
  sees: string
  keyId: string
  scopes: readonly Scope[]
  /** Digest of a key that was not looked up for this request: its first tx checks that it still counts. */
  uncheckedKey: Buffer | null
  /** When the key ends by itself. */
  expiresAt: string | null
  /** What its requests are made in, unless they name another. */
  apiVersion: string
}

/** Whether the caller may still ask, for as long as somebody wants to know. */
export interface Standing {
  /** Aborts once it may not, with the refusal as its reason. */
  lost: AbortSignal
  end: () => void
}

type Parsed<O, Key extends string> = Operation extends O
  ? unknown
  : O extends Record<Key, infer S extends z.ZodType>
    ? z.output<S>
    : undefined

export interface Call<O> {
  deps: Deps
  viewer: Viewer
  requestId: string
  /** W3C trace id: the caller's, or one of its own. */
  trace: string
  params: Parsed<O, 'params'>
  query: Parsed<O, 'query'>
  body: Parsed<O, 'body'>
  /** The body as it came, for what must be kept byte for byte; empty without one. */
  text: string
  now: string
  /** For an answer that takes long: whoever calls it ends it. */
  watch: () => Standing
}

/** The caller's own tx: row-level security lets it see and change only what is the caller's. */
export type CallInTx<O> = Call<O> & { tx: Tx }

export interface FileReply {
  bytes: Uint8Array
  filename: string
}

/** Messages of a stream; `id` is what a client repeats as `Last-Event-ID`. */
export type StreamReply<E> = (input: {
  lastEventId: string | undefined
  signal: AbortSignal
}) => AsyncIterable<{ id?: string; event: E } | 'heartbeat'>

type Reply<O> = O extends { success: { kind: 'json'; body: infer S extends z.ZodType } }
  ? z.input<S>
  : O extends { success: { kind: 'file' } }
    ? FileReply
    : O extends { success: { kind: 'stream'; event: infer E extends z.ZodType } }
      ? StreamReply<z.input<E>>
      : never

/** Runs in one tx with the idempotency key, so that no crash can separate the effect from its answer. */
type InTx<O> = (call: CallInTx<O>) => Promise<Reply<O>>

type CallOutside<O> = Call<O> & { resourceId: string; key: string }

/** For work that reaches beyond the database; the resource id was chosen before, so that a repeat finds it. */
export interface Outside<O> {
  /** Its first deed is a tx as the viewer, so it needs no look at the caller's key before. */
  looksFirst?: true
  /** What the chosen id is of; a session where nothing is said. */
  resource?: IdKind
  outside: (call: CallOutside<O>) => Promise<Reply<O>>
}

/** The same, where one statement is read first: it goes out with the claim of the key, and what it tells is acted upon. */
export interface Planned<O> {
  plan: (call: CallInTx<O>) => Promise<(call: CallOutside<O>) => Promise<Reply<O>>>
}

/** An answer, and the statements that store what it tells: the last of their tx. */
export type Made<O> = { reply: Reply<O>; stored: Promise<void> }

/** A call with the claim of its key. */
export type Asked<O> = Call<O> & { resourceId: string; request: DoneRequest }

/**
 * For an answer that can be told again from what was made: the key is done with its claim, and no answer is stored. The
 * facts are read together with the claim, in one round trip; what `read` gives back makes the resource.
 */
export interface Retold<O> {
  resource: IdKind
  read: (call: CallInTx<O> & { resourceId: string }) => Promise<() => Promise<Made<O>>>
  /**
   * Several requests of one caller at once, in one tx that ends with it: facts read together, keys claimed and resources
   * made by one statement. Undefined for a request that needs a tx of its own; nothing of it is kept.
   */
  together: (tx: Tx, calls: readonly Asked<O>[]) => Promise<(Reply<O> | undefined)[]>
  /** The first answer once more, whatever became of the resource since. */
  retell: (call: CallInTx<O> & { resourceId: string }) => Promise<Reply<O>>
}

export type Handler<O> = InTx<O> | Outside<O> | Planned<O> | Retold<O>
export type Handlers<R extends Record<string, Operation>> = { [K in keyof R]: Handler<R[K]> }

export const isOutside = <O>(handler: Handler<O>): handler is Outside<O> => 'outside' in handler
export const isPlanned = <O>(handler: Handler<O>): handler is Planned<O> => 'plan' in handler
export const isRetold = <O>(handler: Handler<O>): handler is Retold<O> => 'retell' in handler
