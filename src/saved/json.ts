import {parse, printParseErrorCode, type ParseError} from 'jsonc-parser'
import {UserError} from '../model/error.ts'
import {lineAndColumn} from '../text/wording.ts'

/** The text of a saved file as JSON. Throws a UserError that says where it is damaged, and `advice`. */
export function parseSaved(text: string, file: string, advice: string): unknown {
  try {
    // A byte order mark is an editor's.
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    throw new UserError(2, `${file}${placeOfSlip(text)}. ${advice}.`)
  }
}

/** Node's own message has no line. */
function placeOfSlip(text: string): string {
  try {
    const errors: ParseError[] = []
    parse(text, errors, {disallowComments: true, allowTrailingComma: false})
    const [error] = errors
    if (error)
      return `:${lineAndColumn(text, error.offset)}: damaged: not valid JSON (${printParseErrorCode(error.error)})`
  } catch {
    // Nested too deeply for a parser that calls itself.
  }
  return ': damaged: not valid JSON'
}
