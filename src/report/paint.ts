import {styleText} from 'node:util'
import type {Status} from '../model/result.ts'

const COLORS = {SUCCEEDED: 'green', FAILED: 'red', EXCEPTION: 'yellow'} as const satisfies Record<
  Status,
  string
>

/** A text in the colour of its status. */
export function painted(status: Status, text: string, color: boolean): string {
  return styled(COLORS[status], text, color)
}

export function bold(text: string, color: boolean): string {
  return styled('bold', text, color)
}

export function dim(text: string, color: boolean): string {
  return styled('dim', text, color)
}

function styled(style: Parameters<typeof styleText>[0], text: string, color: boolean): string {
  return color ? styleText(style, text, {validateStream: false}) : text
}
