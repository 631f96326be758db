/**
 * The versions of the contract that are served, oldest first. A key keeps the one that was the newest when it was made,
 * and a request may name another; how an older one differs stands in `versions.ts` of the API.
 */
export const apiVersions = ['2026-11-01'] as const
export type ApiVersion = (typeof apiVersions)[number]

/** What a new key is made with, and what is answered where no key is asked for. */
export const apiVersion: ApiVersion = '2026-11-01'
