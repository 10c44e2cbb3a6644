import type { LabMachine } from '../../lab/node.ts';

/** A real fault of a real node of the lab, and what the doctor has to call it. */
export interface StagedFault {
  /** Codes of docs/doctor.md, each of which has to be found. */
  readonly codes: readonly string[];
  /** The node of the pair that it is staged on. */
  readonly on: 'serving' | 'mirroring';
  /** A shell script for the node, with its name in NODE, or what the lab does to it; `end` undoes it, also where only a part was done. */
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

/** As somebody enables what Keelson has masked; and masked again. */
const unmasked = (name: string): string =>
  `mkdir -p ${STAGED}; if [ "$(systemctl is-enabled ${name} || true)" = masked ]; then touch ${STAGED}/${name}; systemctl unmask ${name}; fi`;
const maskedAgain = (name: string): string =>
  `if [ -e ${STAGED}/${name} ]; then systemctl mask ${name}; rm ${STAGED}/${name}; fi`;

/** A unit of systemd that starts with the system. `begun`: it runs too. */
export const enabledUnit = (name: string, begun: boolean): Pick<StagedFault, 'stage' | 'end'> => ({
  stage: `${unmasked(name)}
systemctl enable --runtime ${begun ? '--now ' : ''}${name}`,
  end: `systemctl disable --runtime --now ${name} || true
${maskedAgain(name)}`,
});

/** One that somebody else has brought, and that does nothing; gone at the next boot. */
export function foreignUnit(name: string): Pick<StagedFault, 'stage' | 'end'> {
  const file = `/run/systemd/system/${name}`;
  const lines = ['[Service]', 'ExecStart=/bin/sleep infinity', '[Install]', 'WantedBy=multi-user.target'];
  const { stage, end } = enabledUnit(name, true);
  return {
    stage: `mkdir -p /run/systemd/system; printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')} >${file}
systemctl daemon-reload; ${stage as string}`,
    end: `${end as string}
rm -f ${file}; systemctl daemon-reload`,
  };
}
