/** What can be wrong with fence devices and what is asked of them: a part of the table in `failure.ts`. */
export const fencingFailures = {
  fence_unreachable: {
    status: 503,
    title: 'The fence device does not answer',
    next: 'Check the management board’s power, network and address; Keelson goes on trying.',
  },
  fence_refused: {
    status: 503,
    title: 'The fence device refuses the credentials',
    next: 'Correct user and password of the fence device.',
  },
  fence_not_confirmed: {
    status: 503,
    title: 'The fence device did not confirm that the power is off',
    next: 'Switch the node off by hand and check the device; Keelson goes on trying.',
  },
  fence_disk_wrong: {
    status: 503,
    title: 'The SBD disk is not one that could put a node out',
    next: 'Check that the path is that of this cluster’s SBD disk (`sbd -d DISK dump`), and its timeouts: msgwait is twice the watchdog’s time at least.',
  },
  fence_outlet_unknown: {
    status: 503,
    title: 'The fence device knows no such outlet or machine',
    next: 'Give the outlet (or the virtual machine) the name there that the configuration has, and to one only.',
  },
  fence_device_missing: {
    status: 503,
    title: 'The node has no fence device',
    next: 'Give every node a fence device in the cluster file.',
  },
  fence_test_only: {
    status: 400,
    title: 'A fence device that is only for tests',
    next: 'Nothing was changed. Give the node a device that cuts its power. For a cluster that may lose its data: `testOnly: true` at the device, and at the top of the cluster file.',
  },
  fence_untested: {
    status: 409,
    title: 'Nobody knows by experience that every node can be fenced',
    next: 'Test it: `keelson fence test NODE`. Who answers for it untested: `keelson fence waive NODE --reason TEXT`.',
  },
  fence_test_running: {
    status: 409,
    title: 'A test of the fencing is under way',
    next: 'Wait for its end: `keelson fence list`.',
  },
  fence_test_unsafe: {
    status: 409,
    title: 'The node cannot be missed just now',
    next: 'Have everything whole and served by the other node first: `keelson status`, `keelson node standby NODE`.',
  },
  fence_wrong_node: {
    status: 503,
    title: 'Another node went dark than the one that was to',
    next: 'Compare address, outlet or machine of the fence devices of both nodes, and test again.',
  },
  fence_device_lies: {
    status: 503,
    title: 'The fence device says that a node is off that is there',
    next: 'Check that the device switches this node, and all of its power supplies; test again.',
  },
  fence_no_return: {
    status: 503,
    title: 'The node was switched off and did not come back',
    next: 'Switch it on; have it start by itself when power returns, and test again.',
  },
} as const;
