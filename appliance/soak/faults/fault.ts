import type { LabMachine } from '../../lab/node.ts';

/** A real fault of a real node of the lab, and what the doctor has to call it. */
export interface StagedFault {
  /** Codes of docs/doctor.md, each of which has to be found. */
  readonly codes: readonly string[];
  /** The node of the pair that it is staged on. */
  readonly on: 'serving' | 'mirroring';
  /** A shell script for the node, or what the lab does to it; `end` undoes it, also where only a part was done. */
  readonly stage: string | ((node: LabMachine) => Promise<unknown>);
  readonly end: string | ((node: LabMachine) => Promise<unknown>);
}

/** Those that may stand side by side, and one look at them. */
export interface Round {
  readonly faults: readonly StagedFault[];
  /** Disks of the mirroring node that are asked about. */
  readonly disks?: readonly string[];
}

export const STAGED = '/run/staged';

/** Another file lies over this one: what `make` writes, of the one that is there. */
export function covered(path: string, make: string): Pick<StagedFault, 'stage' | 'end'> {
  const copy = `${STAGED}/${path.replaceAll('/', '_')}`;
  return {
    stage: `mkdir -p ${STAGED}; touch ${path}; ${make} <${path} >${copy}; mount --bind ${copy} "$(readlink -f ${path})"`,
    end: `if mountpoint -q "$(readlink -f ${path})"; then umount "$(readlink -f ${path})"; fi`,
  };
}

/** A unit of systemd that somebody else has brought: gone at the next boot. */
export function foreignUnit(name: string): Pick<StagedFault, 'stage' | 'end'> {
  const file = `/run/systemd/system/${name}`;
  const lines = ['[Service]', 'ExecStart=/bin/sleep infinity', '[Install]', 'WantedBy=multi-user.target'];
  return {
    stage: `mkdir -p /run/systemd/system; printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')} >${file}
systemctl daemon-reload; systemctl enable --runtime --now ${name}`,
    end: `systemctl disable --runtime --now ${name} || true; rm -f ${file}; systemctl daemon-reload`,
  };
}
