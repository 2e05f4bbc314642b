const collator = new Intl.Collator('en', {numeric: true})

/** Natural order: node-2 before node-10. Equal only for equal texts. */
export function naturally(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0)
}
