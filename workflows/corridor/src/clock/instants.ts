export const instant = (ms: number): string => new Date(ms).toISOString()
export const millis = (at: string): number => Date.parse(at)
