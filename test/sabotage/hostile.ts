import type {Mistake} from './mistake.ts'

/** What comes from pods, clusters and files is only text. */
export const HOSTILE: readonly Mistake[] = [
  {
    what: 'a field that nobody knows is shown as it stands in the file',
    file: 'src/config/suggestion.ts',
    from: 'unknown field "${printableUpTo(40, name)}"',
    to: 'unknown field "${name.slice(0, 40)}"',
    noticedBy: [{test: 'hostile/files', title: 'config.json: fields, or sentences'}],
  },
  {
    what: 'a file that is cut off counts as a defect of the program',
    file: 'src/saved/json.ts',
    from: `  try {
    // A byte order mark is an editor's.
    return JSON.parse(text.replace(/^\\uFEFF/, ''))
  } catch {`,
    to: `  const withoutMark: unknown = JSON.parse(text.replace(/^\\uFEFF/, ''))
  if (withoutMark !== undefined) return withoutMark
  else {`,
    noticedBy: [{test: 'hostile/files', title: 'resume.json: entries, or a sentence'}],
  },
  {
    what: 'marks that reorder a text are printable',
    file: 'src/text/printable.ts',
    from: 'const UNPRINTABLE = /[\\p{Cc}\\p{Cf}',
    to: 'const UNPRINTABLE = /[\\p{Cc}',
    noticedBy: [{test: 'hostile/files', title: 'report.json: a run that every form shows, or a sentence'}],
  },
  {
    what: 'a mistake that the parser of flags throws by itself is none of the user’s',
    file: 'src/cli/parse.ts',
    from: `throw error !== undefined && error.name !== 'YError' ? error : new UserError(2, message)`,
    to: 'throw error ?? new UserError(2, message)',
    noticedBy: [{test: 'hostile/files', title: 'flags: arguments that the config takes, or sentences'}],
  },
  {
    what: 'what is no JSON in a flag counts as a defect of the program',
    file: 'src/config/flags.ts',
    from: `  try {
    return {value: JSON.parse(text)}
  } catch {
    return {problem: \`\${flag} must be JSON; found "\${printableUpTo(60, text)}"\`}
  }`,
    to: `  const value: unknown = JSON.parse(text)
  return value === undefined ? {problem: flag} : {value}`,
    noticedBy: [{test: 'hostile/files', title: 'values of flags: fields, or sentences'}],
  },
  {
    what: 'the end of a line is not held against what it is about',
    file: 'src/probe/decode.ts',
    from: "if (close !== (kind === 'E' ? nonce : `${nonce} ${about}`)) return undefined",
    to: 'if (!close.startsWith(nonce)) return undefined',
    noticedBy: [{test: 'hostile/kubectl', title: 'lines of a probe: a verdict each, or none'}],
  },
  {
    what: 'what kubectl prints is taken for what it should print',
    file: 'src/kubectl/parse.ts',
    from: '  try {\n    return schema.parse(JSON.parse(stdout))\n  } catch {',
    to: '  const read = schema.parse(JSON.parse(stdout))\n  if (read !== undefined) return read\n  else {',
    noticedBy: [{test: 'hostile/kubectl', title: 'a check: a run that every form shows, or a sentence'}],
  },
  {
    what: 'an answer goes through a shell once more',
    file: 'src/probe/frame.sh',
    from: `  printf '%s\\n' "$nonce A $id$tab$*$tab$nonce $id"`,
    to: `  sh -c "printf '%s\\n' \\"$nonce A $id$tab$*$tab$nonce $id\\""`,
    noticedBy: [{test: 'hostile/shell', title: 'what peers, ping and nslookup say is never run'}],
  },
  {
    what: 'a target is looked at to its first odd character',
    file: 'src/config/words.ts',
    from: '${LABEL}\\\\.?$`',
    to: '${LABEL}\\\\.?`',
    noticedBy: [{test: 'hostile/shell', title: 'a target is one plain word, or refused'}],
  },
  {
    what: 'a host name is looked at to its first odd character',
    file: 'src/address/address.ts',
    from: '\\.?$/i',
    to: '\\.?/i',
    noticedBy: [{test: 'hostile/shell', title: 'a host is one plain word'}],
  },
  {
    what: 'a quote within quotes stays as it is',
    file: 'src/text/wording.ts',
    from: "`'${word.replaceAll(\"'\", `'\\\\''`)}'`",
    to: "`'${word}'`",
    noticedBy: [
      {
        test: 'hostile/shell',
        title: 'command lines that are shown can be pasted: each word is itself',
      },
    ],
  },
  {
    what: 'an ampersand in a text stays as it is',
    file: 'src/report/xml.ts',
    from: `replace(/[&<>"']/g`,
    to: `replace(/[<>"']/g`,
    noticedBy: [{test: 'report/junit', title: 'any run'}],
  },
  {
    what: 'characters that XML cannot hold stay',
    file: 'src/report/xml.ts',
    from: `text.replace(NO_XML, '').replace(`,
    to: 'text.replace(',
    noticedBy: [{test: 'report/junit', title: 'hostile text is text'}],
  },
]
