import {Transform} from 'node:stream'
import type {ExecFault} from '../faults.ts'

const NOISE = `noise ${'.'.repeat(57)}\n`
const NOISE_BLOCK = Buffer.from(NOISE.repeat(1024))

/** What a fault does to the output on its way to the client; `cut` is called when no more may follow. */
export function outputFault(fault: ExecFault, cut: () => void): Transform | undefined {
  switch (fault.kind) {
    case 'cut-stdout':
      return cutAfter(fault.afterBytes, cut)
    case 'repeat':
      return eachBlockOfLines((lines) => [lines, lines])
    case 'crlf':
      return eachBlockOfLines((lines) => [
        Buffer.from(lines.toString('latin1').replaceAll('\n', '\r\n'), 'latin1'),
      ])
    case 'interleaved':
      return eachTwoLines((one, other) => woven(one, other, fault.bytes))
    case 'wrong-count':
      return eachBlockOfLines((lines) => [
        Buffer.from(miscounted(lines.toString('latin1'), fault.by), 'latin1'),
      ])
    case 'noise':
      return noiseAfterFirstLine(fault.megabytes)
    case 'tiny-frames':
      return new Transform({
        transform(chunk: Buffer, _encoding, done) {
          for (let at = 0; at < chunk.length; at++) this.push(chunk.subarray(at, at + 1))
          done()
        },
        // One chunk in, one frame out: joined again they would be one big frame.
        readableObjectMode: true,
      })
    case 'no-status':
    case 'no-output':
    case 'status':
    case 'container-not-found':
    case 'hang':
    case 'delay':
      return undefined
  }
}

function cutAfter(limit: number, cut: () => void): Transform {
  let left = limit
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (left > 0) {
        this.push(chunk.subarray(0, left))
        left -= Math.min(left, chunk.length)
        if (left === 0) {
          this.push(null)
          cut()
        }
      }
      done()
    },
  })
}

/** Hands on whole lines only, so that what is done to them never falls into the middle of one. */
function eachBlockOfLines(change: (lines: Buffer) => Buffer[], last = (): Buffer[] => []): Transform {
  let rest: Buffer = Buffer.alloc(0)
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const all = Buffer.concat([rest, chunk])
      const end = all.lastIndexOf('\n') + 1
      rest = all.subarray(end)
      if (end > 0) for (const part of change(all.subarray(0, end))) this.push(part)
      done()
    },
    flush(done) {
      if (rest.length > 0) for (const part of change(rest)) this.push(part)
      for (const part of last()) this.push(part)
      done()
    },
  })
}

/** A last line without another stays as it is. */
function eachTwoLines(change: (one: Buffer, other: Buffer) => Buffer): Transform {
  const waiting: Buffer[] = []
  return eachBlockOfLines(
    (lines) => {
      for (const line of lines.toString('latin1').split(/(?<=\n)/)) waiting.push(Buffer.from(line, 'latin1'))
      const changed: Buffer[] = []
      for (;;) {
        const [one, other] = waiting
        if (one === undefined || other === undefined) return changed
        changed.push(change(one, other))
        waiting.splice(0, 2)
      }
    },
    () => waiting,
  )
}

function woven(one: Buffer, other: Buffer, bytes: number): Buffer {
  const pieces: Buffer[] = []
  for (let at = 0; at < Math.max(one.length, other.length); at += bytes)
    pieces.push(one.subarray(at, at + bytes), other.subarray(at, at + bytes))
  return Buffer.concat(pieces)
}

/** As src/probe/frame.sh marks them. */
function miscounted(lines: string, by: number): string {
  return lines
    .replace(/^\w+ A 0\.0\t.*\n/gm, '')
    .replace(/^(\w+ E )(\d+)\t/gm, (_, start: string, jobs: string) => `${start}${Number(jobs) + by}\t`)
}

function noiseAfterFirstLine(megabytes: number): Transform {
  let quiet = true
  return eachBlockOfLines((lines) => {
    if (!quiet) return [lines]
    quiet = false
    const end = lines.indexOf('\n') + 1
    const blocks = Array.from({length: megabytes * 16}, () => NOISE_BLOCK)
    return [lines.subarray(0, end), ...blocks, lines.subarray(end)]
  })
}
