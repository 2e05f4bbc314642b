import {expect, test} from 'vitest'
import {placeForShim, SHIM_TEXT, type Place} from '../../src/cli/shim.ts'

const place = (folder: string, changes: Partial<Place> = {}): Place => ({
  ...{folder, onPath: true, hasPlugin: false, inHome: false, writable: true, present: undefined},
  ...changes,
})

test.each<[string, Place[], boolean, object]>([
  ['beside the plugin', [place('/a'), place('/b', {hasPlugin: true})], false, {do: 'write', folder: '/b'}],
  [
    'in a folder of the user’s where the plugin’s is not writable',
    [place('/a'), place('/b', {hasPlugin: true, writable: false}), place('/c', {inHome: true})],
    false,
    {do: 'write', folder: '/c'},
  ],
  ['never in a folder that only happens to be writable', [place('/a')], false, {do: 'refuse'}],
  ['nowhere', [], false, {do: 'refuse'}],
  ['where the user wants it', [place('/a')], true, {do: 'write', folder: '/a', why: 'you named it'}],
  [
    'off PATH, and says so',
    [place('/a', {onPath: false})],
    true,
    {do: 'write', folder: '/a', why: expect.stringContaining('put it on PATH') as string},
  ],
  ['not where it cannot', [place('/a', {writable: false})], true, {do: 'refuse'}],
  [
    'once',
    [place('/a', {hasPlugin: true}), place('/b', {present: SHIM_TEXT})],
    false,
    {do: 'nothing', folder: '/b'},
  ],
  [
    'never over a foreign one',
    [place('/a', {hasPlugin: true, present: 'x'})],
    false,
    {do: 'refuse', why: expect.stringContaining('/a/kubectl_complete-netdoctor is not of') as string},
  ],
  [
    'not behind a foreign one, which kubectl would run',
    [place('/a', {present: ''}), place('/b', {hasPlugin: true})],
    false,
    {do: 'refuse'},
  ],
])('it goes %s', (_, places, named, decision) => {
  expect(placeForShim(places, named)).toMatchObject(decision)
})
