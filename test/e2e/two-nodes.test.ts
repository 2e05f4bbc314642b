// On the same two nodes, one after the other.
import './two-nodes/installed.ts'
import './two-nodes/job.ts'
