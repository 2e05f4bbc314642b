import {listOf, mapOf, objectOf, orEmpty, text, trueOrFalse} from '../value.ts'
import {cidr, context, kubeconfig, repository} from '../words.ts'
import type {Field} from './field.ts'

const group = 'Clusters:'

const clusterName = text(
  /^(?=.{1,63}$)[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/,
  'a name (up to 63 lower-case letters, digits, "-" and ".")',
)
const cidrMap = mapOf(
  cidr,
  cidr,
  'an object of ranges of addresses, such as {"10.244.0.0/16": "10.10.0.0/16"}',
)
const cluster = objectOf(
  {
    name: {...clusterName, describe: 'what reports call the cluster'},
    kubeconfig: {...kubeconfig, describe: 'kubeconfig file of the cluster'},
    context: {...context, describe: 'kubectl context of the cluster'},
    imageRepository: {...repository, describe: 'registry and path of the floater image'},
    cidrMap: {...cidrMap, describe: 'how the other clusters see addresses of this one'},
  },
  ['name'],
  'an object, such as {"name": "east", "context": "east-admin"}',
)

/** Which clusters, how kubectl reaches them, and how they see each other. */
export const clusterFields = {
  srcKubeConfig: {...kubeconfig, flag: 'kubeconfig', group, describe: 'kubeconfig file of the cluster'},
  srcContext: {...context, flag: 'context', group, describe: 'kubectl context of the cluster'},
  srcImageRepository: {
    ...repository,
    flag: 'src-image-repository',
    group,
    describe: 'registry and path of the floater image',
  },
  dstKubeConfig: {
    ...orEmpty(kubeconfig),
    flag: 'dst-kubeconfig',
    group,
    describe: 'kubeconfig file of the second cluster',
  },
  dstContext: {
    ...orEmpty(context),
    flag: 'dst-context',
    group,
    describe: 'kubectl context of the second cluster',
  },
  dstImageRepository: {
    ...orEmpty(repository),
    flag: 'dst-image-repository',
    group,
    describe: 'registry and path of the floater image, second cluster',
  },
  clusters: {
    ...listOf(cluster, 'a list of clusters, such as [{"name": "east"}]', {min: 1, max: 100}, 'json'),
    flag: 'clusters',
    group,
    describe: 'any number of clusters instead of src and dst, as JSON',
  },
  cidrMap: {
    ...cidrMap,
    flag: 'cidr-map',
    group,
    describe: 'ranges of addresses, and under which others other clusters see them: FROM=TO,...',
  },
  intra: {...trueOrFalse, flag: 'intra', group, describe: 'with several clusters: probe inside each, too'},
} as const satisfies Record<string, Field>
