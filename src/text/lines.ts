/** Characters in a line where there is no terminal, and the most that reads well. */
export const USUAL_WIDTH = 80
export const WIDEST = 110

/** A text in lines as wide as the terminal; whole where there is none. */
export function fitted(text: string, width: number | undefined): string {
  return width === undefined ? text : wrapped(text, width).join('\n')
}

/** The words of a text in lines of so many characters. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines.push(`${lines.pop() ?? ''} ${word}`)
    else lines.push(word)
  }
  return lines
}
