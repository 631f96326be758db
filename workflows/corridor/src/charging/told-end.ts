// An end that is told after it was guessed: the charger was silent and speaks again, or its stop was late.
import type { EndReason } from '@chargelane/openapi/vocabulary/status'
import { clock, instant, millis } from '../clock/clock.ts'
import { endAt, note, noteLater } from '../life.ts'
import type { Life, Note } from '../life.ts'
import { isGuess, trustedEnd } from './rules.ts'

/** The end that a session is written with, where nobody has told it. */
export const guessOf = ({ heard: { ended } }: Life, asked: EndReason | undefined) =>
  ended === undefined || isGuess(ended) ? { asked } : undefined

/** The end that is written was a guess, and another has been told since. */
export const isEndTold = ({ guessedEnd, heard: { ended } }: Life): boolean =>
  guessedEnd !== undefined && ended !== undefined && !isGuess(ended)

/**
 * The told end takes the place of the guess. One that came with its record is written by the step that judges it, so
 * that the verdict rests on it.
 */
export async function correctEnd(life: Life): Promise<void> {
  const { guessedEnd, heard } = life
  const { ended, started } = heard
  if (guessedEnd === undefined || ended === undefined || !isEndTold(life)) return
  const now = clock()
  const startedAt = started === undefined ? now : millis(started.at)
  const endedAt = instant(trustedEnd(millis(ended.at), startedAt, now))
  const correction: Note = {
    room: 'charging',
    what: 'end told after a guess',
    event: 'session.ended',
    // Supply reports our own remote stop as its reason; the partner is told who asked for it.
    patch: { endedAt, endReason: guessedEnd.asked ?? ended.reason },
    settles: ['stop_failed'],
    detail: { guessed_end: life.endedAt ?? null, told_end: ended.at },
  }
  endAt(life, endedAt)
  if (heard.records.length > 0) noteLater(life, correction)
  else await note(life, correction)
}
