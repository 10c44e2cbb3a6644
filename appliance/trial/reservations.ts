import { LabError } from '../lab/error.ts';
import type { Lab } from '../lab/lab.ts';

/** An initiator on the lab's host beside its own, with a session and a disk of its own. */
export interface Judge {
  readonly name: string;
  readonly initiator: string;
  /** It registers with this key, hexadecimal. */
  readonly key: string;
}

/** Milliseconds: until a session has come back, under emulation. */
const ANSWERS = 300_000;

const run = (lab: Lab, script: string): Promise<string> =>
  lab.node('client').demand(`set -eu\n${script}`, { timeout: ANSWERS });

/** Logs an initiator in at one portal; may be repeated. */
export async function login(
  lab: Lab,
  { name, initiator }: Judge,
  iqn: string,
  portal: string,
): Promise<void> {
  await run(
    lab,
    `iscsiadm -m iface -I ${name} -o show >/dev/null 2>&1 || iscsiadm -m iface -I ${name} -o new >/dev/null
iscsiadm -m iface -I ${name} -o update -n iface.initiatorname -v ${initiator} >/dev/null
iscsiadm -m node -T ${iqn} -p ${portal}:3260 -I ${name} -o new >/dev/null
iscsiadm -m node -T ${iqn} -p ${portal}:3260 -I ${name} --login >/dev/null || [ $? = 15 ]`,
  );
}

export async function logout(lab: Lab, { name }: Judge, iqn: string, portal: string): Promise<void> {
  const node = `iscsiadm -m node -T ${iqn} -p ${portal}:3260 -I ${name}`;
  await run(
    lab,
    `${node} --logout >/dev/null || true
${node} -o delete >/dev/null || true
iscsiadm -m iface -I ${name} -o delete >/dev/null || true`,
  );
}

/** The disk by which an initiator sees a LUN, once it answers; a session that was lost is waited for. */
export async function diskOf(lab: Lab, { initiator }: Judge, number: number): Promise<string> {
  const found = await run(
    lab,
    `for attempt in $(seq 120); do
  for session in /sys/class/iscsi_session/*; do
    [ "$(cat $session/initiatorname)" = ${initiator} ] || continue
    for disk in $session/device/target*/*:${number}/block/*; do
      [ -e "$disk" ] || continue
      # A first answer tells of the power that was lost.
      if sg_turs --num=3 /dev/\${disk##*/} >/dev/null 2>&1; then echo /dev/\${disk##*/}; exit 0; fi
    done
  done
  sleep 2
done
exit 1`,
  );
  return found.trim();
}

/** Registers, so that it outlives a loss of power. */
export const register = (lab: Lab, disk: string, { key }: Judge): Promise<string> =>
  run(lab, `sg_persist --no-inquiry --out --register --param-sark=${key} --param-aptpl ${disk}`);

/** From now on nobody but this one writes (type 1: write exclusive). */
export const reserve = (lab: Lab, disk: string, { key }: Judge): Promise<string> =>
  run(lab, `sg_persist --no-inquiry --out --reserve --param-rk=${key} --prout-type=1 ${disk}`);

export const clear = (lab: Lab, disk: string, { key }: Judge): Promise<string> =>
  run(lab, `sg_persist --no-inquiry --out --clear --param-rk=${key} ${disk}`);

export interface Held {
  /** Hexadecimal, each once. */
  readonly keys: readonly string[];
  readonly holder: string | undefined;
  readonly type: string | undefined;
}

/** What `sg_persist` says to --read-keys and --read-reservation. */
export function readHeld(text: string): Held {
  const keys = [...text.matchAll(/^ +(0x[0-9a-f]+)$/gm)].map((match) => match[1] ?? '');
  return {
    keys: [...new Set(keys)].sort(),
    holder: /^ +Key *= *(0x[0-9a-f]+)/m.exec(text)?.[1],
    type: /type: *(.+?) *$/m.exec(text)?.[1],
  };
}

export const heldOn = async (lab: Lab, disk: string): Promise<Held> =>
  readHeld(
    await run(
      lab,
      `sg_persist --no-inquiry --in --read-keys ${disk}\nsg_persist --no-inquiry --in --read-reservation ${disk}`,
    ),
  );

/** How a write came out; anything but success or a conflict is an error of the trial. */
export async function writes(lab: Lab, disk: string): Promise<'written' | 'conflict'> {
  const { exitCode, stderr } = await lab
    .node('client')
    .run(['dd', 'if=/dev/zero', `of=${disk}`, 'bs=4096', 'count=1', 'oflag=direct'], { timeout: ANSWERS });
  if (exitCode === 0) return 'written';
  // EBADE: what Linux makes of the status RESERVATION CONFLICT.
  if (stderr.includes('Invalid exchange')) return 'conflict';
  throw new LabError('command-failed', `a write to ${disk}: ${stderr}`, 'See the host’s kernel log.');
}
