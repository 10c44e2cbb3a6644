/**
 * In place of systemd, which a namespace has not: starts Corosync unless it runs, and resolves when it answers; starts
 * and stops the device that asks a witness. What was killed stays as a zombie, because a node's first process collects nobody.
 */
export const SYSTEMCTL = `#!/bin/sh
lives() {
  pid=$(cat "$1" 2>/dev/null)
  [ -n "$pid" ] && [ -e "/proc/$pid" ] && ! grep -q '^State:.Z' "/proc/$pid/status"
}
start_corosync() {
  lives $corosync && exit 0
  setsid corosync -f </dev/null >>/var/log/corosync/output 2>&1 &
  echo $! >$corosync
  for attempt in 1 2 3 4 5 6 7 8 9 10; do
    sleep 0.2
    corosync-cfgtool -s >/dev/null 2>&1 && exit 0
  done
}
start_device() {
  lives $device && exit 0
  mkdir -p /run/corosync-qdevice
  setsid corosync-qdevice -f </dev/null >>/var/log/corosync/output 2>&1 &
  echo $! >$device
  sleep 1
  lives $device
  exit
}
stop_device() {
  lives $device && kill "$pid"
  while lives $device; do sleep 0.1; done
}
corosync=/run/keelson-test/corosync.pid
device=/run/keelson-test/qdevice.pid
case "$1 $2" in
  'start corosync.service') start_corosync ;;
  'start corosync-qdevice.service') start_device ;;
  'stop corosync-qdevice.service') stop_device ;;
esac
exit 0
`;
