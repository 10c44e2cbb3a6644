/** Program: runs the agents for keelsond, which starts it with an IPC channel and the node's name as its argument. */
import { agents, fenceAgents } from '../../agents/index.ts';
import { serveAgentHost } from '../platform/agent-host/serve.ts';

const node = process.argv[2];
if (node === undefined) throw new Error('usage: agent-host NODE');
serveAgentHost({ agents, fenceAgents, node });
