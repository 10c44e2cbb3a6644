import { bytes, type NodeFacts } from '../model/index.ts';
import { told, type Found, type Situation } from './situation.ts';
import { listText, sizeText } from './words.ts';

const MEBIBYTE = 1024 * 1024;
const LEAST_MEMORY = bytes(1024 * MEBIBYTE);
const LEAST_AVAILABLE = bytes(128 * MEBIBYTE);
const LEAST_SPACE = bytes(100 * MEBIBYTE);

/** The machine, its system and its clock. */
export function hostFindings(facts: NodeFacts, situation: Situation): readonly Found[] {
  return [
    ...system(facts),
    ...kernel(facts),
    ...memory(facts),
    ...clock(facts),
    ...name(facts, situation),
    ...programs(facts),
  ];
}

/** Once for each package that is to be installed. */
const programs = (facts: NodeFacts): readonly Found[] =>
  [...Map.groupBy(told(facts, 'missingPrograms') ?? [], ({ package: origin }) => origin)].map(
    ([origin, missing]): Found => [
      'program_missing',
      `the Debian package ${origin} is missing, or a part of it: ${listText(missing.map(({ program }) => program))}`,
    ],
  );

function system(facts: NodeFacts): readonly Found[] {
  const found: Found[] = [];
  const release = told(facts, 'release');
  if (release !== undefined && (release.id !== 'debian' || release.version.split('.')[0] !== '12'))
    found.push(['release_unsupported', `the system is ${release.name}`]);
  const machine = told(facts, 'machine');
  if (machine === undefined) return found;
  if (machine.container !== 'none') found.push(['container', `it is a container (${machine.container})`]);
  else if (machine.virtual !== 'none')
    found.push(['virtual_machine', `it is a virtual machine (${machine.virtual})`]);
  return found;
}

function kernel(facts: NodeFacts): readonly Found[] {
  const release = told(facts, 'machine')?.kernel ?? 'that runs';
  const found = (told(facts, 'modules') ?? []).flatMap(({ name: module, problem }): Found[] =>
    problem === undefined
      ? []
      : [['kernel_module_missing', `the kernel ${release} cannot load ${module}: ${problem}`]],
  );
  const version = told(facts, 'drbd');
  if (version !== undefined && !version.startsWith('8.4.'))
    found.push(['drbd_version', `the kernel’s DRBD is ${version}`]);
  return found;
}

function memory(facts: NodeFacts): readonly Found[] {
  const found: Found[] = [];
  const seen = told(facts, 'memory');
  if (seen !== undefined) {
    if (seen.total < LEAST_MEMORY)
      found.push(['memory_small', `the node has ${sizeText(seen.total)} of memory`]);
    if (seen.available < LEAST_AVAILABLE)
      found.push(['memory_low', `${sizeText(seen.available)} of ${sizeText(seen.total)} of memory are left`]);
    if (seen.killed > 0)
      found.push([
        'memory_exhausted',
        `the kernel has ended processes for lack of memory since the boot: ${seen.killed}`,
      ]);
  }
  const remote = (told(facts, 'disks') ?? []).filter(({ transport }) => transport === 'iscsi');
  for (const device of told(facts, 'swaps') ?? [])
    if (device.startsWith('/dev/drbd') || remote.some(({ path }) => device.startsWith(path)))
      found.push(['swap_on_mirror', `the node swaps to ${device}`]);
  for (const { folder, free, total } of told(facts, 'spaces') ?? [])
    if (free < LEAST_SPACE)
      found.push(['space_low', `${sizeText(free)} of ${sizeText(total)} are left for ${folder}`]);
  return found;
}

/** Of a processor whose own counter the kernel does not trust. A hypervisor may leave its guests nothing else. */
const slowSources: readonly string[] = ['acpi_pm', 'hpet', 'jiffies', 'pit', 'refined-jiffies'];

function clock(facts: NodeFacts): readonly Found[] {
  const seen = told(facts, 'clock');
  if (seen === undefined) return [];
  const found: Found[] = [];
  if (!seen.isSynchronised) found.push(['clock_not_synchronised', 'no time service keeps the clock']);
  if (slowSources.includes(seen.source) && told(facts, 'machine')?.virtual === 'none')
    found.push(['clock_source_slow', `the kernel takes the time from ${seen.source}`]);
  return found;
}

/** As the API wants the names of nodes. */
const fitName = /^[a-z][a-z0-9-]{0,31}$/;

function name(facts: NodeFacts, { node, config }: Situation): readonly Found[] {
  const { hostName } = facts;
  const found: Found[] = [];
  if (config === undefined && !fitName.test(hostName))
    found.push(['host_name_unfit', `the host calls itself ${hostName} (uname -n)`]);
  if (config !== undefined && hostName !== node)
    found.push(['node_name_differs', `the host calls itself ${hostName}, and is the node ${node}`]);
  const addresses = told(facts, 'names')?.[node];
  if (addresses === undefined) return found;
  const loopback = addresses.filter((address) => address.startsWith('127.') || address === '::1');
  if (addresses.length === 0) found.push(['host_name_unresolved', `the name ${node} has no address here`]);
  else if (loopback.length > 0)
    found.push(['host_name_loopback', `the name ${node} leads to ${listText(loopback)}`]);
  return found;
}
