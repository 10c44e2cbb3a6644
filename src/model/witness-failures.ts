/** What can be wrong with a witness and its set-up; part of `failures`. */
export const witnessFailures = {
  witness_unreachable: {
    status: 503,
    title: 'The witness does not vote',
    next: 'Check the witness’s machine and network and that corosync-qnetd runs there (port 5403); on this node: `systemctl status corosync-qdevice`.',
  },
  witness_secret_missing: {
    status: 400,
    title: 'The witness’s certificates are missing, and so is its secret',
    next: 'Nothing was changed. On the witness run `keelson-witness setup`, and give the secret that it prints: `keelson witness add --address ADDRESS --secret-file -`, or `keelson cluster init --file FILE --witness-secret-file -`.',
  },
  witness_secret_wrong: {
    status: 403,
    title: 'The witness secret is not valid',
    next: 'Nothing was changed. Use the secret that `keelson-witness setup` printed last on the machine whose address you gave; it is good while that command waits.',
  },
  witness_secret_expired: {
    status: 403,
    title: 'The witness secret is no longer good',
    next: 'Run `keelson-witness setup` again, and use the secret that it prints.',
  },
  witness_setup_unreachable: {
    status: 502,
    title: 'The set-up of the witness does not answer',
    next: 'Nothing was changed. Run `keelson-witness setup` on the witness and leave it waiting; check the witness’s address, and that its port of the set-up (8443 unless `--port` says otherwise) is open to this node.',
  },
  witness_name_taken: {
    status: 409,
    title: 'The witness knows another cluster of this name',
    next: 'Give this cluster another name. If the other one is gone for good (or was this one, before it was set up anew): `keelson-witness setup --replace NAME`.',
  },
  witness_clock_differs: {
    status: 409,
    title: 'The clocks of the witness and of this node differ',
    next: 'Nothing was changed. Set the clock that is wrong (timedatectl; chronyc makestep): certificates are good for a span of time. Where it was the witness’s clock while its certificates were made, move /etc/corosync/qnetd/nssdb away there, and run `keelson-witness setup` again.',
  },
  witness_not_running: {
    status: 503,
    title: 'The witness’s corosync-qnetd does not run as it should',
    next: 'See `systemctl status corosync-qnetd` and /etc/default/corosync-qnetd on the witness, then run `keelson-witness setup` there.',
  },
  witness_exists: {
    status: 409,
    title: 'The cluster has another witness',
    next: 'Nothing was changed. Take that one away first, `keelson witness remove`; meanwhile the rules without a witness hold.',
  },
  witness_busy: {
    status: 409,
    title: 'The witness is being changed',
    next: 'Wait for the operation that the message names (`keelson operation show ID`). One that adds a witness is ended by `keelson witness remove`.',
  },
  witness_invalid: {
    status: 400,
    title: 'This cannot be the witness',
    next: 'Nothing was changed. Correct what the message names; see `keelson witness add --help`.',
  },
  witness_needs_all_nodes: {
    status: 409,
    title: 'The rules of quorum are changed only where every node is there',
    next: 'Nothing was changed. Bring the node that the message names back first: `keelson status`.',
  },
  witness_removed: {
    status: 409,
    title: 'The witness was removed while it was being added',
    next: 'Nothing: a person asked for it.',
  },
  witness_setup_busy: {
    status: 409,
    title: 'The set-up of the witness cannot listen',
    next: 'End the other program on that port (another `keelson-witness setup`?), or take another one with `--port`; `--address` must be one of this machine’s.',
  },
} as const;
