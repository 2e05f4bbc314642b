# What runs in a floater: takes the jobs of one source, has a protocol make them, prints a line for each as it ends.
# POSIX sh; runs in busybox ash, dash and bash. script.ts sets the variables that are not set here and calls `listen`,
# `section` and `finish`. "$dir" holds these functions ("$dir/functions") and everything that they write.
#
# Every line that counts starts and ends with the nonce, and one about a probe also with what it is about, so that nothing that
# a peer says, and no line cut short or glued to another, can pass for an answer:
#   NONCE A SECTION.NUMBER <tab> FIELD <tab> ... <tab> NONCE SECTION.NUMBER   an answer
#   NONCE T TARGET <tab> TEXT <tab> NONCE TARGET                              what only a verbose look can tell
#   NONCE M TOOL <tab> NONCE                                                  the image lacks this program
#   NONCE E JOBS <tab> NONCE                                                  the end, with the number of jobs received

tab=$(printf '\t')
own_group=
if command -v setsid >/dev/null; then own_group=setsid; fi
received=0

# answer NUMBER FIELD...
answer() {
  id=$section.$1
  shift
  IFS=$tab
  printf '%s\n' "$nonce A $id$tab$*$tab$nonce $id"
  unset IFS
}

# trace TARGET TEXT
trace() {
  printf '%s\n' "$nonce T $1$tab$2$tab$nonce $1"
}

# The process that makes the probes, to be ended when nobody listens any more. With $own_group it leads a group.
background() {
  echo "$1" >"$dir/running"
  if stopped; then end_running; fi
}

stopped() {
  [ -e "$dir/stop" ]
}

stop() {
  : >"$dir/stop"
  end_running
}

end_running() {
  read -r running <"$dir/running" && { kill -- "-$running" || kill "$running"; }
} 2>/dev/null

# Ends the probes when standard input ends (kubectl is gone) or when the time is up. `read` is built in, and `sleep` is
# waited for: a pod's process 1 often does not reap, and each check would leave a zombie.
# KILL, because a `sleep` that the shell has forked but not yet become would lose TERM, and be waited for to its end.
listen() {
  exec 3<&0 </dev/null
  (
    while read -r _; do :; done <&3
    stop
  ) >/dev/null 2>&1 &
  listener=$!
  (
    trap 'kill -KILL "$!"; wait "$!"; exit' TERM
    sleep "$deadline" &
    wait "$!"
    stop
  ) >/dev/null 2>&1 3<&- &
  clock=$!
  exec 3<&-
}

# section NAME PROTOCOL CHECK JOBS TOOL...: the jobs, "NUMBER TARGET" a line, are on standard input.
section() {
  section=$1
  protocol=$2
  check=$3
  received=$((received + $4))
  jobs=$dir/jobs
  cat >"$jobs"
  shift 4
  for tool; do
    command -v "$tool" >/dev/null || { printf '%s\n' "$nonce M $tool$tab$nonce"; return; }
  done
  export section
  if ! stopped; then "probe_$protocol"; fi
}

finish() {
  kill "$listener" "$clock" 2>/dev/null
  wait
  rm -rf "$dir"
  printf '%s\n' "$nonce E $received$tab$nonce"
  exit 0
}
