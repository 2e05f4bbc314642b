import {join} from 'node:path'
import {execa} from 'execa'

const ROOT = join(import.meta.dirname, '../..')

/** What is read of CycloneDX: https://cyclonedx.org/docs/1.5/json/ */
interface Bom {
  serialNumber?: string
  metadata: {timestamp?: string; tools?: unknown; component: {type: string; name: string}}
  components: object[]
}

/** What is in the program, by name, version, hash and license. npm's, less what differs from one making to the next. */
export async function sbom(name: string, nodeVersion: string): Promise<string> {
  const options = ['--sbom-format=cyclonedx', '--sbom-type=application', '--omit=dev', '--package-lock-only']
  const {stdout} = await execa('npm', ['sbom', ...options], {cwd: ROOT})
  const {serialNumber: _, ...bom} = JSON.parse(stdout) as Bom
  const {timestamp: __, tools: ___, ...metadata} = bom.metadata
  // npm takes the name of the folder.
  metadata.component.name = name
  const node = {
    'bom-ref': `node@${nodeVersion}`,
    type: 'platform',
    name: 'node',
    version: nodeVersion,
    scope: 'required',
    purl: `pkg:generic/node@${nodeVersion}`,
    description: 'In the executables only',
  }
  return `${JSON.stringify({...bom, metadata, components: [...bom.components, node]}, undefined, 2)}\n`
}
