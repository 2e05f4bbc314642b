import type {Plugin} from 'vite'

export const inlinedForVite: Plugin
