import { backupFailures } from './backup-failures.ts';
import { fencingFailures } from './fencing-failures.ts';
import { lunFailures } from './lun-failures.ts';
import { poolFailures } from './pool-failures.ts';
import { replacementFailures } from './replacement-failures.ts';
import { snapshotFailures } from './snapshot-failures.ts';
import { setupFailures } from './setup-failures.ts';
import { targetFailures } from './target-failures.ts';
import { witnessFailures } from './witness-failures.ts';

/**
 * Every expected failure of Keelson has a code here (those of one subject in a table of its own), and nowhere else. The
 * API answers with `status`, the CLI prints `title` and `next`, and the documentation is made from this table.
 */
export const failures = {
  request_malformed: {
    status: 400,
    title: 'This is no HTTP request',
    next: 'Speak HTTP/1.1 over TLS, with headers of 16 KiB at most, and send a request within 30 seconds.',
  },
  body_not_json: {
    status: 400,
    title: 'The body is not JSON',
    next: 'Send a JSON object with Content-Type: application/json.',
  },
  body_invalid: {
    status: 400,
    title: 'The body does not fit the schema',
    next: 'Correct the fields named in the message.',
  },
  name_invalid: {
    status: 400,
    title: 'The name is not allowed',
    next: 'Use 1 to 32 characters: a-z, 0-9 and hyphens, starting with a letter. A snapshot is LUN@NAME, such as db@before-upgrade.',
  },
  size_invalid: {
    status: 400,
    title: 'The size is not allowed',
    next: 'Give a whole number of bytes or a number with a unit, such as 10G or 512MiB.',
  },
  iqn_invalid: {
    status: 400,
    title: 'This is not an iSCSI qualified name',
    next: 'Use the form iqn.YYYY-MM.reversed.domain:name.',
  },
  chap_invalid: {
    status: 400,
    title: 'These are no CHAP credentials',
    next: 'Give a secret of 12 to 16 printable characters without blanks, and for the target another one than for the host; see `keelson host create --help`.',
  },
  address_invalid: {
    status: 400,
    title: 'This is not an IP address',
    next: 'Give an IPv4 address (not a host name), or for a portal an IPv6 one, with a prefix length where one is asked for.',
  },
  cluster_file_invalid: {
    status: 400,
    title: 'The cluster file is not valid',
    next: 'Correct the fields named in the message; see `keelson cluster init --help`.',
  },
  header_invalid: {
    status: 400,
    title: 'A header does not fit',
    next: 'If-Match takes what ETag answered, in its quotes, or *; Idempotency-Key 1 to 255 printable characters.',
  },
  cursor_invalid: {
    status: 400,
    title: 'This is no place in the list',
    next: 'Follow the link `next` of an answer as it is, or begin again without `cursor`.',
  },
  event_invalid: {
    status: 400,
    title: 'The event cannot be simulated',
    next: 'Correct what the message names; see `keelson simulate --help`.',
  },
  document_invalid: {
    status: 400,
    title: 'The text is no description of a cluster',
    next: 'Correct it at the place named; CIB XML, crm syntax and JSON are read.',
  },
  node_name_differs: {
    status: 400,
    title: 'The node has another name than its host',
    next: 'DRBD knows nodes by `uname -n`: name the node so in the cluster file, or rename the host with `hostnamectl set-hostname NAME`.',
  },
  token_missing: {
    status: 401,
    title: 'The request carries no token',
    next: 'Send the header Authorization: Bearer TOKEN; root finds the token in /etc/keelson/token.',
  },
  token_wrong: {
    status: 401,
    title: 'The token is not valid',
    next: 'Use the token of this cluster; root finds it in /etc/keelson/token.',
  },
  join_secret_wrong: {
    status: 403,
    title: 'The join secret is not valid',
    next: 'Use the secret that `keelson cluster join-secret` prints on a member; it is valid for 24 hours.',
  },
  proof_wrong: {
    status: 403,
    title: 'The caller does not prove that it belongs to this cluster',
    next: 'Compare /etc/corosync/authkey of the two nodes; one that is no member any more joins again with `keelson cluster join`.',
  },
  not_allowed: { status: 403, title: 'The caller may not do this', next: 'Run the command as root.' },
  route_not_found: {
    status: 404,
    title: 'There is no such address in the API',
    next: 'See the list of addresses in the documentation.',
  },
  node_not_found: {
    status: 404,
    title: 'There is no such node',
    next: 'List the nodes with `keelson node list`.',
  },
  node_not_lost: {
    status: 409,
    title: 'The node is not lost',
    next: 'Only of a lost node can a person say that it is off; one that answers is switched off first.',
  },
  node_not_off: {
    status: 409,
    title: 'The node is not off',
    next: 'Nothing was switched. See `keelson node list`.',
  },
  node_off_unconfirmed: {
    status: 409,
    title: 'Nobody knows yet that the node is off',
    next: 'Nothing was switched: it is being fenced. Wait until that is confirmed (`keelson fence list`, `keelson status`), and repeat the command.',
  },
  power_on_impossible: {
    status: 409,
    title: 'No fence device of the node can switch it on',
    next: 'Switch it on by hand.',
  },
  acknowledgement_missing: {
    status: 422,
    title: 'The words that say what was seen are missing',
    next: 'Look at the machine. If it has no power, say so in the words that the message names.',
  },
  resource_not_found: {
    status: 404,
    title: 'There is no such resource',
    next: 'List the resources with `keelson resource list`; `keelson simulate` wants the id of a primitive, with an instance number where it is cloned.',
  },
  pool_claimed: {
    status: 409,
    title: 'Another node has the current data of the pool',
    next: 'Nothing: it is the pool of both again when both have the current data.',
  },
  pool_connected: {
    status: 409,
    title: 'The replication of the pool is there',
    next: 'Nothing: its peer need not be fenced.',
  },
  pool_not_found: {
    status: 404,
    title: 'There is no such pool',
    next: 'See `keelson status` for the pools.',
  },
  operation_not_found: {
    status: 404,
    title: 'There is no such operation',
    next: 'Operations are kept for a while only; see `keelson status` for the present state.',
  },
  policy_invalid: {
    status: 400,
    title: 'A resource cannot be told so',
    next: 'See `keelson resource set --help`.',
  },
  not_managed: {
    status: 409,
    title: 'A resource is not managed, or in maintenance',
    next: 'End that first (`keelson node ready`, `keelson cluster maintenance off`, `keelson resource set NAME --managed on`), or give --force.',
  },
  data_would_stop: {
    status: 409,
    title: 'Data would go out of service',
    next: 'Bring the other node in order first (see `keelson status`), or give --force.',
  },
  name_taken: {
    status: 409,
    title: 'The name is taken by an object with other parameters',
    next: 'Choose another name, or ask for the same parameters.',
  },
  cluster_exists: {
    status: 409,
    title: 'This node belongs to a cluster already',
    next: 'Nothing was changed. See `keelson status`.',
  },
  cluster_missing: {
    status: 409,
    title: 'This node belongs to no cluster yet',
    next: 'Run `keelson cluster init` or `keelson cluster join`.',
  },
  node_already_member: {
    status: 409,
    title: 'The node is a member of the cluster already',
    next: 'Nothing was handed out. To join again, stop keelsond and Corosync on that node first.',
  },
  revision_conflict: {
    status: 409,
    title: 'The configuration has changed in the meantime',
    next: 'Read it again and repeat the request.',
  },
  key_spent: {
    status: 409,
    title: 'What was made under this Idempotency-Key is gone again',
    next: 'Nothing was made again. To make it anew, send the request with a new key.',
  },
  precondition_failed: {
    status: 412,
    title: 'The object is another one than If-Match names',
    next: 'Nothing was changed. Read the object again, decide again, and repeat with the present ETag.',
  },
  key_reused: {
    status: 422,
    title: 'The Idempotency-Key belongs to another request',
    next: 'Nothing was changed. Give each request a key of its own, such as a random UUID.',
  },
  body_too_large: { status: 413, title: 'The body is too large', next: 'Send at most 1 MiB.' },
  internal: {
    status: 500,
    title: 'Keelson made a mistake',
    next: 'Report it with the log: journalctl -u keelsond -u keelson-api.',
  },
  engine_unreachable: {
    status: 503,
    title: 'The engine does not answer',
    next: 'Repeat the request; see `systemctl status keelsond`.',
  },
  no_quorum: {
    status: 503,
    title: 'The cluster has no quorum',
    next: 'Start the other node; nothing is changed without quorum.',
  },
  not_synchronised: {
    status: 503,
    title: 'This node is still learning the state of the cluster',
    next: 'Repeat the request in a few seconds.',
  },
  busy: { status: 503, title: 'Too many requests are waiting', next: 'Repeat the request in a few seconds.' },
  peer_unreachable: {
    status: 502,
    title: 'The other node does not answer',
    next: 'Check its address, that keelson-api runs there, and port 8443.',
  },
  peer_not_trusted: {
    status: 502,
    title: 'The other node shows another certificate than the join secret names',
    next: 'Make sure that the address is right; make a new join secret on the first node.',
  },
  host_setup_failed: {
    status: 500,
    title: 'The node could not be set up',
    next: 'Mend what the message names and repeat the command.',
  },
  agent_failed: {
    status: 500,
    title: 'An agent could not do its work',
    next: 'Mend what the message names; Keelson tries again after `keelson cleanup`.',
  },
  address_no_link: {
    status: 500,
    title: 'No interface on which the address belongs has a link',
    next: 'Look at the cable and the switch of that network; Keelson tries again by itself within a minute.',
  },
  agent_timeout: {
    status: 500,
    title: 'An agent overran its deadline',
    next: 'See the log of the node named in the message.',
  },
  agent_host_died: {
    status: 500,
    title: 'The agent host ended in the middle of an operation',
    next: 'Nothing to do: the operation is repeated.',
  },
  agent_parameters_invalid: {
    status: 500,
    title: 'An agent was given wrong parameters',
    next: 'Report it with the log.',
  },
  configuration_drifted: {
    status: 409,
    title: 'Somebody changed the kernel’s configuration behind Keelson’s back',
    next: 'It is put right by itself, unless `keelson resource set NAME --on-drift report` was asked. Change it through Keelson instead; find who did.',
  },
  agent_unsupported: {
    status: 500,
    title: 'The agent has no such operation',
    next: 'Report it with the log.',
  },
  command_failed: { status: 500, title: 'A system command failed', next: 'Mend what the message names.' },
  command_missing: {
    status: 500,
    title: 'A system command is not installed',
    next: 'Install the package that the message names.',
  },
  disk_has_data: {
    status: 409,
    title: 'The disk carries data that is not Keelson’s',
    next: 'Wipe it by hand with `wipefs --all` if the data may be lost.',
  },
  disk_missing: {
    status: 500,
    title: 'The disk is not there',
    next: 'Check the cabling and the device name in the cluster file.',
  },
  disk_too_small: {
    status: 409,
    title: 'The disk is too small',
    next: 'Give a larger one: SBD needs 2048 sectors, which is 1 MiB, or 8 MiB where sectors have 4096 bytes.',
  },
  sbd_disk_foreign: {
    status: 409,
    title: 'The SBD disk is another cluster’s, or carries data that is not SBD’s',
    next: 'Nothing was written. Check the path in the cluster file. If what it carries may be lost, repeat the command with `--overwrite-sbd PATH`.',
  },
  sbd_disk_lost: {
    status: 503,
    title: 'An SBD disk cannot be read',
    next: 'Check the way to the disk named in the message (`sbd -d DISK dump`). A node that can read less than half of them is reset by its watchdog.',
  },
  sbd_not_running: {
    status: 503,
    title: 'The SBD daemon does not run',
    next: 'See `systemctl status keelson-sbd` and `journalctl -u keelson-sbd`: nobody would obey a message to this node. Keelson goes on trying to start it.',
  },
  watchdog_missing: {
    status: 503,
    title: 'The node has no watchdog',
    next: 'Load the driver of the machine’s own (iTCO_wdt, sp5100_tco, hpwdt, ipmi_watchdog, i6300esb; name it in /etc/modules-load.d/watchdog.conf too). softdog is a timer of the kernel itself and does not reset a node whose kernel hangs: take it where a machine has nothing else, and never as proof.',
  },
  watchdog_busy: {
    status: 409,
    title: 'Another program has the watchdog',
    next: 'Stop that program for good: systemd (RuntimeWatchdogSec in /etc/systemd/system.conf), the package watchdog, a vendor’s management software; or name another device as `watchdog`.',
  },
  watchdog_soft: {
    status: 503,
    title: 'The watchdog is the kernel’s own timer',
    next: 'Use the machine’s own watchdog: softdog does not reset a node whose kernel hangs, and the other node would take it for off.',
  },
  volume_foreign: {
    status: 409,
    title: 'A volume of that name exists that Keelson did not make for this LUN',
    next: 'Rename or remove the volume by hand.',
  },
  link_down: {
    status: 503,
    title: 'A link between the nodes is down',
    next: 'Check cable, switch port and interface of the address named, on both nodes; `corosync-cfgtool -n` shows the links.',
  },
  link_unsteady: {
    status: 503,
    title: 'A link between the nodes goes down again and again',
    next: 'Check cable, switch port and interface of the address named, on both nodes: errors (`ip -s link`), speed and duplex.',
  },
  node_unreachable: {
    status: 503,
    title: 'No link to a node is up',
    next: 'If that node is on and runs Corosync, check the cluster network between the nodes: cables, switch, addresses, a firewall on UDP port 5405.',
  },
  not_scheduled: {
    status: 503,
    title: 'Corosync was not given the processor in time',
    next: 'Find what holds the node up: load (`uptime`), a device or driver that stalls (`journalctl -k`), a hypervisor that pauses it. If it cannot be helped, form the cluster with a longer token.',
  },
  ...fencingFailures,
  ...lunFailures,
  ...snapshotFailures,
  ...poolFailures,
  ...replacementFailures,
  ...backupFailures,
  ...setupFailures,
  ...witnessFailures,
  ...targetFailures,
  store_damaged: {
    status: 500,
    title: 'The configuration on disk is damaged',
    next: 'Where the engine runs, it is replaced by itself as soon as the other node is there: start that one, and check the disk. Where the engine does not start, nothing of it can be read: stop keelsond here, move /var/lib/keelson/config and /var/lib/keelson/node away, start keelsond, and join again with `keelson cluster join`; the disk of the pool is kept. Without another node, restore /var/lib/keelson/config from a backup and restart keelsond.',
  },
  store_newer: {
    status: 500,
    title: 'A newer Keelson wrote the configuration on disk',
    next: 'Install that version again, or a later one; nothing was changed. To go on with this one: stop keelsond here, move /var/lib/keelson/config and /var/lib/keelson/node away, start keelsond, and join again with `keelson cluster join`.',
  },
  store_foreign: {
    status: 500,
    title: 'The configuration on disk is of another cluster',
    next: 'Put back the /var/lib/keelson/config that belongs to this node and restart keelsond; or stop keelsond, move /var/lib/keelson/config and /var/lib/keelson/node away, start keelsond, and join again with `keelson cluster join`.',
  },
  config_lost: {
    status: 409,
    title: 'Changes of the configuration were lost',
    next: 'On the node named, `keelson config lost` shows them: make again what is still wanted, then `keelson config lost --clear`.',
  },
  revision_not_found: {
    status: 404,
    title: 'There is no such revision on this node',
    next: 'See `keelson config history`; the other node may know it (--url).',
  },
  message_foreign: {
    status: 502,
    title: 'An engine of another cluster is in this one’s network',
    next: 'Find the node named in the message: it carries the configuration of another cluster but this one’s Corosync key. Stop keelsond and Corosync there, and join it anew.',
  },
  message_version: {
    status: 502,
    title: 'An engine of another version does not understand the others',
    next: 'Install the same version of Keelson on all nodes, the serving one last; what runs goes on running meanwhile, and nothing is moved.',
  },
  message_malformed: {
    status: 502,
    title: 'An engine says what cannot be understood',
    next: 'Nothing was done with it. If it does not end by itself, see journalctl -u keelsond on the node named, and check its memory and network card.',
  },
  message_replayed: {
    status: 502,
    title: 'A message was heard again',
    next: 'Nothing was done with it. If it does not end by itself, check who else is in the cluster network.',
  },
  message_not_its_own: {
    status: 502,
    title: 'An engine speaks of what only another one can know or decide',
    next: 'Nothing was done with it. If it does not end by itself, restart keelsond on the node named, and report it with the log.',
  },
  node_renamed: {
    status: 502,
    title: 'A node calls itself otherwise than it is configured',
    next: 'Give the node its name back (`hostnamectl set-hostname NAME`, and the same in /var/lib/keelson/node), then restart keelsond there.',
  },
  result_unasked: {
    status: 502,
    title: 'A result came for an action that nobody waits for',
    next: 'Nothing was counted; what was seen with it was looked at. If it does not end by itself, see journalctl -u keelsond on the node named.',
  },
  doctor_found: {
    status: 503,
    title: 'The daily look at a node found something to mend',
    next: '`keelson doctor` looks again, and says of each thing why it matters and how to mend it.',
  },
  clock_differs: {
    status: 500,
    title: 'The clocks of the nodes differ',
    next: 'Set the clock of the node that is wrong (timedatectl; chronyc makestep). Nothing is decided by it; only times that people read are wrong.',
  },
  store_failed: {
    status: 500,
    title: 'The configuration could not be written to disk',
    next: 'Check /var/lib/keelson: space, permissions, the disk’s health.',
  },
} as const satisfies Record<string, { status: number; title: string; next: string }>;

export type FailureCode = keyof typeof failures;

/** An expected failure: a stable code, what was seen, and where known the next step for a person. */
export interface Failure {
  readonly code: FailureCode;
  /** One sentence for people: what was found, with the names and values concerned; never a secret. */
  readonly message: string;
  /** Of the object as it is now, where `precondition_failed`. */
  readonly etag?: string;
}

export const failure = (code: FailureCode, message: string): Failure => ({ code, message });

/** Adds context on the way up: `context: message`, the code unchanged. */
export const within = (context: string, inner: Failure): Failure => ({
  code: inner.code,
  message: `${context}: ${inner.message}`,
});
