// Makes the archive of one target, in a process of its own: putting the program into Node takes a gigabyte of memory.
//
//     node --import tsx scripts/packaging/pack-target.ts TARGET NODE BLOB NOTICES ARCHIVE
import {readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {type Entry, tarGz, zip} from './archive.ts'
import {completionOf} from './completion.ts'
import {makeExecutable} from './executable.ts'
import {faultOf} from './inspect.ts'
import {executableOf, nameOf, targetNamed} from './targets.ts'

const [name = '', nodeFile = '', blobFile = '', noticesFile = '', archiveFile = ''] = process.argv.slice(2)
const target = targetNamed(name)
const blob = await readFile(blobFile)
const executable = await makeExecutable(target, await readFile(nodeFile), blob)
const fault = faultOf(executable, target, blob)
if (fault !== undefined) throw new Error(`the executable for ${nameOf(target)}: ${fault}`)

const entries: Entry[] = [
  {name: 'LICENSE', contents: await readFile(join(import.meta.dirname, '../../LICENSE'))},
  {name: 'THIRD-PARTY.txt', contents: await readFile(noticesFile)},
  {name: executableOf(target), contents: executable, isExecutable: true},
  completionOf(target),
]
await writeFile(archiveFile, target.os === 'windows' ? zip(entries) : await tarGz(entries))
