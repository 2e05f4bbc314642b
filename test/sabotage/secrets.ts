import type {Mistake} from './mistake.ts'

/** Kubeconfigs, and what is in them. */
export const SECRETS: readonly Mistake[] = [
  {
    what: 'with -v the configuration that kubectl goes by is shown',
    file: 'src/kubectl/kubectl.ts',
    from: 'return await finish(child, [signal], deadline)',
    to: `onCommand(String((await execa(program, ['config', 'view', '--raw'], {reject: false})).stdout))
      return await finish(child, [signal], deadline)`,
    noticedBy: [
      {
        test: 'embedded/secrets',
        title: '%s: in no output and no file, whether the cluster is there or not',
        row: 'a token: in no output and no file, whether the cluster is there or not',
      },
      {test: 'embedded/secrets', title: 'a server that says 401, or 403'},
      {test: 'e2e/privileges', title: 'no secret of the kubeconfigs is printed or saved'},
    ],
  },
  {
    what: 'the address of the server is said as the kubeconfig has it',
    file: 'src/preflight/connect.ts',
    from: "printable(withoutLogin(config.clusters[0]?.cluster.server ?? ''))",
    to: "printable(config.clusters[0]?.cluster.server ?? '')",
    noticedBy: [{test: 'embedded/secrets', title: 'a password in the address of the server'}],
  },
  {
    what: 'a kubeconfig that makes no sense is shown',
    file: 'src/preflight/connect.ts',
    from: '`Cluster ${cluster}: ${reasonIn(result.stderr)}. Check',
    to: `\`Cluster \${cluster}: \${reasonIn(result.stderr)}: \${await (
        await import('node:fs/promises')
      ).readFile(process.env['KUBECONFIG'] ?? '', 'utf8')}. Check`,
    noticedBy: [{test: 'embedded/secrets', title: 'a kubeconfig that cannot be parsed'}],
  },
  {
    what: 'the server is asked past kubectl',
    file: 'src/preflight/connect.ts',
    from: "  const result = await kubectl.run(['version', '-o', 'json'])\n",
    to: `  await fetch(\`\${server}/version\`).catch(() => undefined)
  const result = await kubectl.run(['version', '-o', 'json'])
`,
    noticedBy: [
      {
        test: 'embedded/secrets',
        title: 'is kubectl’s: the program opens no connection and asks for no name',
      },
      {
        test: 'e2e/privileges',
        title: 'it is kubectl that asks: the program itself sends not one packet',
      },
    ],
  },
]
