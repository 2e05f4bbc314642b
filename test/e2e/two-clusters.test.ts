// On the same two clusters, one after the other.
import './two-clusters/clusters.ts'
import './two-clusters/paths.ts'
