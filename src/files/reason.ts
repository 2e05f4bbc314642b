/** Why a file could not be had. Node's message names the call and the temporary file, which mean nothing to the user. */
export function reasonOf(error: unknown): string {
  const known: Readonly<Record<string, string>> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'the file system is read-only',
    ENOSPC: 'the disk is full',
    EISDIR: 'it is a folder',
    ENOENT: 'there is no such folder',
    ENOTDIR: 'there is no such folder',
  }
  const {code = '', message} = error as NodeJS.ErrnoException
  return known[code] ?? message
}
