import type {Reason} from '../model/result.ts'
import all from '../../docs/reasons/README.md?raw'
import answered from '../../docs/reasons/answered.md?raw'
import connectFailed from '../../docs/reasons/connect-failed.md?raw'
import dnsError from '../../docs/reasons/dns-error.md?raw'
import execFailed from '../../docs/reasons/exec-failed.md?raw'
import floaterReplaced from '../../docs/reasons/floater-replaced.md?raw'
import loss from '../../docs/reasons/loss.md?raw'
import lostOutput from '../../docs/reasons/lost-output.md?raw'
import mtu from '../../docs/reasons/mtu.md?raw'
import nameUnresolved from '../../docs/reasons/name-unresolved.md?raw'
import noAddress from '../../docs/reasons/no-address.md?raw'
import noFloater from '../../docs/reasons/no-floater.md?raw'
import noRoute from '../../docs/reasons/no-route.md?raw'
import nodeGone from '../../docs/reasons/node-gone.md?raw'
import notTested from '../../docs/reasons/not-tested.md?raw'
import overloaded from '../../docs/reasons/overloaded.md?raw'
import probeError from '../../docs/reasons/probe-error.md?raw'
import refused from '../../docs/reasons/refused.md?raw'
import reset from '../../docs/reasons/reset.md?raw'
import sharedAddress from '../../docs/reasons/shared-address.md?raw'
import timeout from '../../docs/reasons/timeout.md?raw'
import toolMissing from '../../docs/reasons/tool-missing.md?raw'
import toolUnable from '../../docs/reasons/tool-unable.md?raw'
import wrongPeer from '../../docs/reasons/wrong-peer.md?raw'

/** The pages of docs/reasons, which come along in the program; the compiler asks for that of each reason. */
export const REASON_PAGES: Readonly<Record<Reason, string>> = {
  'not-tested': notTested,
  'no-floater': noFloater,
  'node-gone': nodeGone,
  'no-address': noAddress,
  'shared-address': sharedAddress,
  'floater-replaced': floaterReplaced,
  'exec-failed': execFailed,
  'lost-output': lostOutput,
  'tool-missing': toolMissing,
  'tool-unable': toolUnable,
  'probe-error': probeError,
  overloaded,
  answered,
  timeout,
  refused,
  'no-route': noRoute,
  'name-unresolved': nameUnresolved,
  'connect-failed': connectFailed,
  reset,
  'wrong-peer': wrongPeer,
  loss,
  mtu,
  'dns-error': dnsError,
}

/** The page that lists them, and says what their commands mean. */
export const LIST_OF_REASONS = all
