#!/bin/sh
# DRBD's fence-peer handler. drbdadm runs it with the pool's name in DRBD_RESOURCE and acts on its exit code, see
# README.md. The question is a FIFO named POOL.PID in a folder that the engine watches (src/daemon/fence-questions.ts);
# the engine writes the code into it when the fate of the peer is known. I/O is frozen for as long as this takes, so it
# starts in no time, waits without asking anew, and never gives up: nobody would ask in its place. An engine that is
# started anew finds the question in the folder; one that ended in the middle of its answer leaves it empty.
folder=${KEELSON_FENCE_QUESTIONS:-/run/keelson/fence-peer}
if [ -z "$DRBD_RESOURCE" ]; then
  echo 'fence-peer: DRBD_RESOURCE is not set' >&2
  exit 1
fi
question=$folder/$DRBD_RESOURCE.$$
while :; do
  if mkfifo -m 0600 "$question"; then
    read -r code <"$question" || code=
    case $code in
      1 | 4 | 6 | 7) exit "$code" ;;
    esac
  else
    # The folder comes with the engine. A question of this name was left by an earlier process of this number.
    sleep 0.5
  fi
  rm -f "$question"
done
