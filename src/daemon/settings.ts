import { dirname, join } from 'node:path';

/** Where keelsond keeps and finds things. The defaults are the package's; tests give others through the environment. */
export interface Settings {
  /** Configuration log and this node's own name; root only. */
  readonly stateFolder: string;
  /** Certificate, key and token of the API. */
  readonly etcFolder: string;
  readonly corosyncFolder: string;
  readonly socketPath: string;
  /** Where DRBD's fence-peer handlers leave their questions; root only. */
  readonly fenceQuestions: string;
  readonly agentHost: string;
  /** Names the kernel boot in which an engine was synchronised; gone after a reboot, as all of /run. */
  readonly synchronisedFile: string;
}

export function readSettings(environment: NodeJS.ProcessEnv, agentHost: string): Settings {
  const socketPath = environment['KEELSON_SOCKET'] ?? '/run/keelson/engine.sock';
  return {
    stateFolder: environment['KEELSON_STATE'] ?? '/var/lib/keelson',
    etcFolder: environment['KEELSON_ETC'] ?? '/etc/keelson',
    corosyncFolder: environment['KEELSON_COROSYNC'] ?? '/etc/corosync',
    socketPath,
    fenceQuestions: environment['KEELSON_FENCE_QUESTIONS'] ?? join(dirname(socketPath), 'fence-peer'),
    agentHost: environment['KEELSON_AGENT_HOST'] ?? agentHost,
    synchronisedFile: environment['KEELSON_SYNCHRONISED'] ?? '/run/keelson/synchronised',
  };
}
