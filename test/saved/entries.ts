/** An entry of the seed's tool. */
export const SEED = {
  Status: 2,
  ResultStr: 'EXECUTE_FAILED',
  srcNodeName: 'a',
  dstNodeName: 'b',
  targetIP: '10.0.0.2',
}

/** The same with all that ours say of a probe between floaters. */
export const OURS = {
  ...SEED,
  srcCluster: 'src',
  dstCluster: 'dst',
  mode: 'pod',
  protocol: 'tcp',
  ipFamily: 'ipv4',
  port: 8889,
  check: 'reply',
  reason: 'timeout',
}
