import {closest, distance} from 'fastest-levenshtein'
import {printableUpTo} from '../text/printable.ts'

/** The word that was probably meant, if any is near enough. */
export function suggestion<Word extends string>(word: string, known: readonly Word[]): Word | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[-_\s]/g, '')
  const near = closest(plain(word), known.map(plain))
  const found = known.find((one) => plain(one) === near)
  const tolerated = near.length < 5 ? 1 : Math.max(2, near.length / 4)
  return distance(plain(word), near) <= tolerated ? found : undefined
}

export function unknownField(name: string, known: readonly string[], where = ''): string {
  const near = suggestion(name, known)
  return `unknown field "${printableUpTo(40, name)}"${where}${near === undefined ? '' : `; did you mean "${near}"?`}`
}
