import type {FieldName} from '../config/fields.ts'

/** The fields that say where the clusters are: all that `clean` takes, and all that it reads of a config. */
export const WHERE: readonly FieldName[] = [
  ...(['namespace', 'srcKubeConfig', 'srcContext', 'dstKubeConfig', 'dstContext', 'clusters'] as const),
]
