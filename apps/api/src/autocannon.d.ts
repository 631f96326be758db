/** The part of autocannon 8 that the bench uses; the package brings no types. */
declare module 'autocannon' {
  interface Request {
    headers: Record<string, string>
  }
  interface Histogram {
    average: number
    p50: number
    p99: number
  }
  interface Result {
    requests: Histogram & { total: number }
    latency: Histogram
    non2xx: number
    errors: number
    timeouts: number
  }
  export default function autocannon(options: {
    url: string
    method?: 'GET' | 'POST'
    headers?: Record<string, string>
    body?: string
    connections?: number
    /** Seconds. */
    duration?: number
    setupClient?: (client: unknown) => void
    requests?: { setupRequest: (request: Request) => Request }[]
  }): Promise<Result>
}
