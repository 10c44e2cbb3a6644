/** For a node: Keelson is not started any more, and neither is anything that it started. The machine is switched off next. */
export const disableKeelson = `set -eu
systemctl disable --quiet keelson-shutdown.service keelson-api.service keelsond.service
systemctl disable --quiet corosync.service
sync`;

/** After the boot: what is to be compared must not be helped or hindered by what it is compared with. */
export const isKeelsonGone = `for program in corosync keelsond; do
  ! pgrep -f "/$program" >/dev/null || { echo "$program runs" >&2; exit 1; }
done`;
