import type { Lab } from '../lab/lab.ts';

const SCRIPT = '/root/counter.sh';
/** The second place, in blocks of 4 KiB. */
const SECOND = 1024;
const COUNTED = '/run/counted';

/** A number in two places of a disk: the first is always written, and acknowledged, before the second. */
export interface Count {
  readonly first: number;
  readonly second: number;
}

/** At one instant the second place has the number of the first, or the one before. */
export const isOfOneInstant = ({ first, second }: Count): boolean => first === second || first === second + 1;

/** Counts on the device, one write after the other, straight to the disk, until it is stopped. */
export async function startCounting(lab: Lab, device: string): Promise<void> {
  await lab.node('client').demand(`cat >${SCRIPT} <<'END'
count=$(cat ${COUNTED} 2>/dev/null || echo 0)
put() { printf '%-4096s' "$count" | dd of="$1" bs=4096 seek="$2" iflag=fullblock oflag=direct conv=notrunc status=none; }
while :; do
  count=$((count + 1))
  put "$1" 0 || exit 1
  echo "$count" >${COUNTED}.new && mv ${COUNTED}.new ${COUNTED}
  put "$1" ${SECOND} || exit 1
done
END
systemctl reset-failed counter.service 2>/dev/null || true
systemd-run --quiet --unit=counter sh ${SCRIPT} ${device}`);
}

/** The last number whose first write was acknowledged. */
export const counted = async (lab: Lab): Promise<number> =>
  Number(await lab.node('client').demand(`cat ${COUNTED} 2>/dev/null || echo 0`));

/** Waits until it has gone on: so many numbers more. */
export async function countOn(lab: Lab, more: number): Promise<number> {
  const before = await counted(lab);
  await lab
    .node('client')
    .demand(
      `for attempt in $(seq 300); do [ "$(cat ${COUNTED})" -ge ${before + more} ] && exit 0; sleep 1; done; exit 1`,
      {
        timeout: 320_000,
      },
    );
  return before + more;
}

export async function stopCounting(lab: Lab): Promise<void> {
  await lab
    .node('client')
    .demand(
      'systemctl stop counter.service; while systemctl is-active --quiet counter.service; do sleep 1; done',
      {
        timeout: 180_000,
      },
    );
}

export async function countOf(lab: Lab, device: string): Promise<Count> {
  const at = (skip: number): string =>
    `dd if=${device} bs=4096 count=1 skip=${skip} iflag=direct status=none | tr -d ' \\0'; echo`;
  const said = await lab.node('client').demand(`${at(0)}; ${at(SECOND)}`);
  const [first, second] = said.split('\n');
  return { first: Number(first ?? 0), second: Number(second ?? 0) };
}
