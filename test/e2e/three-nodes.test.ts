// On the same three nodes, one after the other; the second one leaves addresses and servers on them.
import './three-nodes/resume.ts'
import './three-nodes/many-targets.ts'
