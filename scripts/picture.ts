// Draws docs/images/check.svg anew, from what the built program prints: npm run picture.
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {pictureOfCheck} from './drawing/check.ts'

await writeFile(join(import.meta.dirname, '../docs/images/check.svg'), await pictureOfCheck())
