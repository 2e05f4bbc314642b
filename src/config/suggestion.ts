import {closest, distance} from 'fastest-levenshtein'
import {printableUpTo} from '../text/printable.ts'

/** The word that was probably meant, if any is near enough. */
export function suggestion<Word extends string>(word: string, known: readonly Word[]): Word | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[-_\s]/g, '')
  const letters = (text: string) => plain(text).split('').sort().join('')
  // Letters that changed places are two edits, which is much for a short word.
  const shuffled = known.find((one) => letters(one) === letters(word))
  if (shuffled !== undefined || known.length === 0) return shuffled
  const near = closest(plain(word), known.map(plain))
  const found = known.find((one) => plain(one) === near)
  const tolerated = near.length < 5 ? 1 : Math.max(2, near.length / 4)
  return distance(plain(word), near) <= tolerated ? found : undefined
}

export function unknownField(name: string, known: readonly string[], where = ''): string {
  const near = suggestion(name, known)
  return `unknown field "${printableUpTo(40, name)}"${where}${near === undefined ? '' : `; did you mean "${near}"?`}`
}

/** `; did you mean "pod"?` behind a value, or one in a list, that is nearly one of the names. */
export function meantName(found: unknown, names: readonly string[] = []): string {
  const wrong = [found].flat().find((one) => typeof one === 'string' && !names.includes(one))
  const near = typeof wrong === 'string' ? suggestion(wrong, names) : undefined
  return near === undefined ? '' : `; did you mean "${near}"?`
}
