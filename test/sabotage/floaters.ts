import type {Mistake} from './mistake.ts'

/** Claims on floaters, what is removed, and what floaters may. */
export const FLOATERS: readonly Mistake[] = [
  {
    what: 'the namespace goes without another look at the claims',
    file: 'src/floater/clean.ts',
    from: `  await refuseNewcomers(await ourDaemonSets(kubectl, namespace), namespace, leave)
  await startDeletion(kubectl, ['namespace', namespace])`,
    to: `  await startDeletion(kubectl, ['namespace', namespace])`,
    noticedBy: [{test: 'floater/clean', title: '%s: what it has made stays, and that is said'}],
  },
  {
    what: 'services are listed between the look at the claims and the deletion',
    file: 'src/floater/clean.ts',
    from: `  const services = await leftServices(kubectl, selection)
  const floaters = await ourDaemonSets(kubectl, namespace)`,
    to: `  const floaters = await ourDaemonSets(kubectl, namespace)
  const services = await leftServices(kubectl, selection)`,
    noticedBy: [
      {
        test: 'floater/clean',
        title: 'has no time for it between the look at the claims and the deletion',
      },
    ],
  },
  {
    what: 'a renewal whose answer was lost does not count for the end that is told',
    file: 'src/floater/hold.ts',
    from: `    end = Math.max(end, until ?? 0)
`,
    to: '',
    noticedBy: [
      {
        test: 'floater/hold',
        title: 'one that stays away is asked for a limited time, and the end of the claim is told',
      },
    ],
  },
  {
    what: 'the release does not wait for a renewal that is on its way',
    file: 'src/floater/hold.ts',
    from: `      const limit = Date.now() + RELEASE_LIMIT
      await renewal`,
    to: '      const limit = Date.now() + RELEASE_LIMIT',
    noticedBy: [{test: 'floater/hold', title: 'a renewal on its way comes before the release'}],
  },
  {
    what: 'the floater beside another one is in the node’s network, too',
    file: 'src/floater/manifest.ts',
    from: `if (kind === 'host') useHostNetwork(spec, config)`,
    to: `if (kind !== 'pod') useHostNetwork(spec, config)`,
    noticedBy: [
      {
        test: 'floater/manifest-kinds',
        title: 'in the pod network they pass the restricted profile, whatever is asked of them',
      },
    ],
  },
  {
    what: 'services count as left though another run claims the floaters, with --force',
    file: 'src/preflight/preflight.ts',
    from: 'leftServices: claim === undefined ?',
    to: 'leftServices: claim === undefined || input.force ?',
    noticedBy: [
      {
        test: 'preflight/preflight',
        title: 'that another run may be using were left by nobody, also with --force',
      },
    ],
  },
  {
    what: 'services that are needed again are removed with the others',
    file: 'src/run/targets.ts',
    from: '.filter((name) => !needed.has(name))',
    to: '.filter((name) => !needed.has(name) || name !== NODE_PORT_NAME)',
    noticedBy: [
      {
        test: 'run/targets',
        title: 'go before others are made, those that are needed again do not: %s',
      },
    ],
  },
  {
    what: 'services are removed without another look at the claims',
    file: 'src/run/targets.ts',
    from: 'if (left.length === 0 || !(await hold.confirm())) return',
    to: 'if (left.length === 0) return',
    noticedBy: [{test: 'run/targets', title: 'stay where %s'}],
  },
  {
    what: 'an interruption while the floaters are given back counts for the run',
    file: 'src/run/check.ts',
    from: `    return {...(await measure(config, effects, sites, scope, holds)), startedAt}
  } finally {
    if (!(await holds.release())) on.stuck()
  }`,
    to: `    const run = await measure(config, effects, sites, scope, holds)
    if (!(await holds.release())) on.stuck()
    return {...run, startedAt, ...(signal.aborted ? {interrupted: String(signal.reason)} : {})}
  } catch (error) {
    await holds.release()
    throw error
  }`,
    noticedBy: [
      {
        test: 'run/check',
        title: 'while the floaters are given back is none of the run: it is complete, and the claim stays',
      },
    ],
  },
]
