import {join} from 'node:path'
import {execa} from 'execa'
import type {BundledPackage} from './packages.ts'

const ROOT = join(import.meta.dirname, '../..')

/** What is read of CycloneDX: https://cyclonedx.org/docs/1.5/json/ */
interface Bom {
  serialNumber?: string
  metadata: {
    timestamp?: string
    tools?: unknown
    component: {'bom-ref': string; name: string}
  }
  components: {'bom-ref': string; properties: unknown[]}[]
  dependencies: {ref: string; dependsOn: string[]}[]
}

/**
 * What is in the program, by name, version, hash and license: npm's list, less what is not bundled, and less what differs
 * from one making to the next. npm's own --omit=dev leaves out what a development dependency needs too.
 */
export async function sbom(
  name: string,
  packages: readonly BundledPackage[],
  nodeVersion: string,
): Promise<string> {
  const options = ['--sbom-format=cyclonedx', '--sbom-type=application', '--package-lock-only']
  const {stdout} = await execa('npm', ['sbom', ...options], {cwd: ROOT})
  const {serialNumber: _, ...bom} = JSON.parse(stdout) as Bom
  const {timestamp: __, tools: ___, ...metadata} = bom.metadata
  // npm takes the name of the folder.
  metadata.component.name = name

  const bundled = new Set(packages.map((one) => `${one.name}@${one.version}`))
  const components = bom.components.filter((component) => bundled.has(component['bom-ref']))
  if (components.length !== bundled.size) throw new Error('the lockfile lacks a package that is bundled')
  // Some of what is bundled is for development too, which is nothing to those who read this.
  for (const component of components) component.properties = []
  const isPart = (ref: string) => bundled.has(ref) || ref === metadata.component['bom-ref']
  const dependencies = bom.dependencies
    .filter(({ref}) => isPart(ref))
    .map(({ref, dependsOn}) => ({ref, dependsOn: dependsOn.filter(isPart)}))

  const node = {
    'bom-ref': `node@${nodeVersion}`,
    type: 'platform',
    name: 'node',
    version: nodeVersion,
    scope: 'required',
    purl: `pkg:generic/node@${nodeVersion}`,
    description: 'In the executables only',
  }
  return `${JSON.stringify({...bom, metadata, components: [...components, node], dependencies}, undefined, 2)}\n`
}
