/** A program's exit code, as the shell says it. */
export const EXIT_CODE = /^\d{1,3}$/

/** The field is there, and looks as it should. */
export function fits(field: string | undefined, pattern: RegExp): field is string {
  return field !== undefined && pattern.test(field)
}

/** The time between two readings of /proc/uptime, in microseconds; undefined where it could not be read. */
export function elapsedUs(start: string | undefined, end: string | undefined): number | undefined {
  const [from, to] = [centiseconds(start), centiseconds(end)]
  return from === undefined || to === undefined || to < from ? undefined : (to - from) * 10_000
}

function centiseconds(uptime: string | undefined): number | undefined {
  return fits(uptime, /^\d{1,10}\.\d\d$/) ? Number(uptime.replace('.', '')) : undefined
}

/** Ends each line of what a program said, see frame.sh. */
const LINE_END = '\u001e'

/** The lines that a program printed: all fields from `first` on, since only the last one may hold tabs. */
export function linesFrom(fields: readonly string[], first: number): readonly string[] {
  return fields.slice(first).join('\t').split(LINE_END)
}
