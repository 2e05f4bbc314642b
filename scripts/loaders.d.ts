import type {Plugin} from 'vite'

export const inlinedForVite: Plugin
export const parsedForVite: Plugin
