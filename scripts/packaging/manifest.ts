import {isMap, isSeq, type Node, parseDocument, type Scalar, type YAMLMap} from 'yaml'

export interface Filling {
  version: string
  /** Where the archives will be, less the version; HOST stays where it is not known yet. */
  host: string | undefined
  homepage: string | undefined
  /** The sha256 of each archive by its name: platforms without one are left out. */
  sums: Readonly<Record<string, string>>
}

/** netdoctor.yaml, as the krew index takes it, from krew-manifest.yaml. */
export function fillManifest(source: string, {version, host, homepage, sums}: Filling): string {
  const document = parseDocument(source)
  const [first] = isMap<Scalar, Node>(document.contents) ? document.contents.items : []
  // The comment at the top belongs to the first key.
  if (first !== undefined) first.key.commentBefore = null
  document.setIn(['spec', 'version'], `v${version}`)
  if (homepage !== undefined) document.setIn(['spec', 'homepage'], homepage)
  const platforms = document.getIn(['spec', 'platforms'])
  if (!isSeq<YAMLMap>(platforms)) throw new Error('krew-manifest.yaml has no platforms')
  platforms.items = platforms.items.filter((platform) => {
    const archive = String(platform.get('uri')).split('/').at(-1) ?? ''
    const sum = sums[archive]
    platform.set('uri', `${host ?? 'HOST'}/v${version}/${archive}`)
    if (sum !== undefined) platform.set('sha256', sum)
    return sum !== undefined
  })
  return document.toString({lineWidth: 0})
}
