import type {BuildOptions} from 'esbuild'

export const modules: BuildOptions
export const script: BuildOptions
