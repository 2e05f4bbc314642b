import {listOf, mapOf, objectOf, oneOf, text, whole} from '../value.ts'
import {imageReference, imageTag, labelKey, labelValue, objectName, port} from '../words.ts'
import type {Field} from './field.ts'

const group = 'Floaters:'

const toleration = objectOf(
  {
    key: {...labelKey, describe: 'key of the taint; without it, every taint'},
    operator: {...oneOf(['Exists', 'Equal']), describe: 'how the value is compared; Equal unless set'},
    value: {...labelValue, describe: 'value of the taint'},
    effect: {
      ...oneOf(['NoSchedule', 'PreferNoSchedule', 'NoExecute']),
      describe: 'effect of the taint; without it, every effect',
    },
    tolerationSeconds: {
      ...whole(0, 2_147_483_647),
      describe: 'how long the floater stays; for ever unless set',
    },
  },
  [],
  'an object, such as {"key": "dedicated", "operator": "Exists"}',
)

/** Where the floaters run, and what they are. */
export const floaterFields = {
  namespace: {
    ...text(
      /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
      'a namespace name (up to 63 lower-case letters, digits and "-")',
    ),
    flag: 'namespace',
    alias: 'n',
    group,
    describe: 'namespace of the floaters (kosmos-system)',
  },
  floater: {
    ...oneOf(['clusterlink-floater', 'netdr-floater', 'agnhost', 'custom']),
    flag: 'floater',
    group,
    describe: 'what runs on every node (clusterlink-floater)',
  },
  version: {...imageTag, flag: 'image-tag', group, describe: 'tag of the floater image'},
  image: {...imageReference, flag: 'image', group, describe: 'whole name of the floater image'},
  imagePullSecrets: {
    ...listOf(objectName, 'a list of names of secrets', {max: 100}),
    flag: 'image-pull-secrets',
    group,
    describe: 'secrets of the namespace to pull the image with',
  },
  port: {...port, flag: 'port', group, describe: 'port that the floaters listen on (8889)'},
  podWaitTime: {
    ...whole(1, 86_400),
    flag: 'pod-wait-time',
    group,
    describe: 'seconds that the floaters may take to be ready (30)',
  },
  nodeSelector: {
    ...mapOf(labelKey, labelValue, 'an object of labels, such as {"kubernetes.io/os": "linux"}'),
    flag: 'node-selector',
    group,
    describe: 'labels of the nodes that get a floater: KEY=VALUE,...',
  },
  tolerations: {
    ...listOf(toleration, 'a list of tolerations, such as [{"operator": "Exists"}]', {max: 100}, 'json'),
    flag: 'tolerations',
    group,
    describe: 'tolerations of the floaters, as JSON',
  },
  priorityClassName: {
    ...objectName,
    flag: 'priority-class-name',
    group,
    describe: 'priority class of the floaters',
  },
  command: {
    ...listOf(text(/^[^\p{Cc}]+$/u, 'a text'), 'a list of words', {min: 1, max: 100}, 'words'),
    flag: 'command',
    group,
    describe: 'command of a custom floater, a flag for every word',
  },
  answer: {
    ...text(/^[^\p{Cc}]{1,256}$/u, 'a text of up to 256 characters'),
    flag: 'answer',
    group,
    describe: 'what a custom floater answers',
  },
} as const satisfies Record<string, Field>
