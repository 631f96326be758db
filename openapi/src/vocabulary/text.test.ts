import { expect, it } from 'vitest'
import { shownText, zText } from './text.ts'

it.each([
  ['Volt\u202ekrew', 'Voltkrew'],
  ['Ladepark\u200b\u00ad Köln', 'Ladepark Köln'],
  ['Halle 3\r\nTor 2', 'Halle 3 Tor 2'],
  ['a\u{e0041}\u{e007f}b', 'ab'],
  ['\u3164\u2060', ''],
])('what others call their places is shown as it reads: %j', (told, shown) => {
  expect(shownText(told)).toBe(shown)
})

it.each(['می\u200cخواهم', 'क्\u200dष', 'Łódź', '👩\u200d🚒 Feuerwehr', 'a'])(
  'spelling that needs joiners is a name: %j',
  (name) => {
    expect(zText(80).safeParse(name).success).toBe(true)
    expect(shownText(name)).toBe(name)
  },
)
