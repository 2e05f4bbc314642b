import * as z from 'zod'
import {isHost} from '../address/address.ts'
import {check, ipFamily, mode, port, protocol} from './words.ts'

const nodeName = z.string().min(1).max(253)
const clusterName = z.string().max(253)

/** An entry of resume.json. One of the seed's tool has only the first five fields. */
export const resumeEntry = z
  .object({
    Status: z.int().min(0).max(2).describe('0 EXCEPTION, 1 SUCCEEDED, 2 FAILED.'),
    ResultStr: z.string().optional().describe('What happened; for people, not read back.'),
    srcNodeName: nodeName,
    dstNodeName: z
      .string()
      .max(253)
      .default('')
      .describe('What is no node is its own name: a custom target, a name to look up, kubernetes.default.'),
    targetIP: z.string().default('').describe('Of then; what is probed is the address of today.'),
    srcCluster: clusterName.min(1).optional(),
    dstCluster: clusterName.optional().describe('Empty for what is no node.'),
    mode: mode.optional(),
    protocol: protocol.optional(),
    ipFamily: ipFamily.optional(),
    port: port.optional(),
    check: check.optional(),
    to: z
      .literal('neighbour')
      .optional()
      .describe('The target was the second floater of the source’s own node.'),
    behind: nodeName.optional().describe('For nodeport: the node of the floater that the port led to.'),
    reason: z.string().optional().describe('Why; not read back. The words are those of probe.schema.json.'),
  })
  .refine(
    ({protocol, dstNodeName, targetIP}) =>
      protocol !== 'dns' || (isHost(dstNodeName) && (targetIP === '' || isHost(targetIP))),
    {
      message: 'a name to look up needs a host name in dstNodeName, and a name server or nothing in targetIP',
      path: ['dstNodeName'],
    },
  )
  .refine(
    ({mode: kind, dstNodeName, port}) => kind !== 'custom' || (isHost(dstNodeName) && port !== undefined),
    {
      message: 'a custom target needs an address or host name in dstNodeName, and a port',
      path: ['dstNodeName'],
    },
  )

/** resume.json. */
export const resumeSchema = z.array(resumeEntry)
