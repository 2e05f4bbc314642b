import page from '../../docs/diagnosis.md?raw'

const TITLE = /^### (.+)$/m

/** The sections of docs/diagnosis.md, by the kind of finding that each is about; a test holds them to the kinds that there are. */
export const FINDING_SECTIONS: ReadonlyMap<string, string> = new Map(
  page
    .split(/^(?=##+ )/m)
    .map((section) => [TITLE.exec(section)?.[1], section] as const)
    .flatMap(([kind, section]) =>
      kind === undefined ? [] : [[kind, section.replace(TITLE, `# \`${kind}\`, a finding`)] as const],
    ),
)
