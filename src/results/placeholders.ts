/** A stored text as it was said of one probe: the reverse of `generalised`. Apart, because pages of reports do it too. */
export function particular(text: string, address: string | undefined, timeUs: number): string {
  const values: Readonly<Record<string, string>> = {
    time: milliseconds(timeUs),
    address: address ?? '',
    brace: '{',
  }
  return text.replace(/\{(time|address|brace)\}/g, (_, name: string) => values[name] ?? '')
}

export function milliseconds(timeUs: number): string {
  return String(Math.round(timeUs / 1000))
}
