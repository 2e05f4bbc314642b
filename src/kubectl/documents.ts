/**
 * Collects the JSON documents that kubectl prints one after the other: a watch prints one a line, a create of a list
 * indents them, so that each ends at a closing brace alone on its line. What does not parse is passed over.
 */
export function documentCollector(onDocument: (document: unknown) => void): (line: string) => void {
  let lines: string[] = []
  return (line) => {
    // Only a document starts with a brace in the first column: what came before it was none.
    if (line.startsWith('{')) lines = []
    lines.push(line)
    const whole = line === '}' || (lines.length === 1 && line.startsWith('{"') && line.endsWith('}'))
    if (!whole) return
    const text = lines.join('\n')
    lines = []
    try {
      onDocument(JSON.parse(text))
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
    }
  }
}

/** The same for a whole output at once. */
export function documentsIn(output: string): readonly unknown[] {
  const documents: unknown[] = []
  const collect = documentCollector((document) => documents.push(document))
  output.split('\n').forEach(collect)
  return documents
}
