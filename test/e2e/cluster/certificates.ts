import {mkdir, readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {run} from './run.ts'

/** The cluster's certificate authority, and what it signs, as files in one folder. */
export interface Authority {
  directory: string
  certificate: string
}

export interface Subject {
  user: string
  groups?: readonly string[]
  /** For a server: the addresses and names that it answers to. */
  ips?: readonly string[]
  names?: readonly string[]
}

/** Years, because a person's cluster may stay up for long. */
const DAYS = '3650'

export async function createAuthority(directory: string): Promise<Authority> {
  await mkdir(directory, {recursive: true})
  const extensions = 'basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign,digitalSignature'
  await issue(directory, 'ca', '/CN=kubectl-netdoctor', extensions, [])
  await run(['openssl', 'genrsa', '-out', join(directory, 'service-accounts.key'), '2048'])
  return authorityIn(directory)
}

export function authorityIn(directory: string): Authority {
  return {directory, certificate: join(directory, 'ca.crt')}
}

/** Signs a certificate for the API server to know somebody by: NAME.crt and NAME.key in the authority's folder. */
export async function sign(
  {directory, certificate}: Authority,
  name: string,
  subject: Subject,
): Promise<void> {
  const parts = [...(subject.groups ?? []).map((group) => `O=${group}`), `CN=${subject.user}`]
  const alternatives = [
    ...(subject.ips ?? []).map((ip) => `IP:${ip}`),
    ...(subject.names ?? []).map((host) => `DNS:${host}`),
  ]
  const extensions = [
    'basicConstraints=critical,CA:false',
    'keyUsage=critical,digitalSignature',
    'extendedKeyUsage=clientAuth,serverAuth',
    ...(alternatives.length > 0 ? [`subjectAltName=${alternatives.join(',')}`] : []),
  ]
  const signer = ['-CA', certificate, '-CAkey', join(directory, 'ca.key')]
  const escaped = parts.map((part) => part.replaceAll(/[\\/+]/g, '\\$&'))
  await issue(directory, name, `/${escaped.join('/')}`, extensions.join('\n'), signer)
}

async function issue(
  directory: string,
  name: string,
  subject: string,
  extensions: string,
  signer: readonly string[],
): Promise<void> {
  const config = join(directory, `${name}.conf`)
  await writeFile(config, `[req]\ndistinguished_name=dn\nx509_extensions=ext\n[dn]\n[ext]\n${extensions}\n`)
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const files = ['-keyout', join(directory, `${name}.key`), '-out', join(directory, `${name}.crt`)]
  const request = ['openssl', 'req', '-x509', '-config', config, '-subj', subject, '-days', DAYS]
  await run([...request, ...key, ...files, ...signer])
}

/** A kubeconfig that stands alone: certificates inside. Where there is no name, the cluster's components read it. */
export async function kubeconfigOf(
  {directory, certificate}: Authority,
  server: string,
  user: string,
  name = 'kubernetes',
): Promise<string> {
  const [ca, cert, key] = await Promise.all(
    [certificate, join(directory, `${user}.crt`), join(directory, `${user}.key`)].map((file) =>
      readFile(file, 'base64'),
    ),
  )
  return `apiVersion: v1
kind: Config
current-context: ${name}
clusters:
  - name: ${name}
    cluster:
      server: ${server}
      certificate-authority-data: ${ca}
contexts:
  - name: ${name}
    context:
      cluster: ${name}
      user: ${name}-${user}
users:
  - name: ${name}-${user}
    user:
      client-certificate-data: ${cert}
      client-key-data: ${key}
`
}
