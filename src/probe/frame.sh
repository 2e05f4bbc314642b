# What runs in a floater: takes the jobs of one source, has a protocol make them, prints a line for each as it ends.
# POSIX sh; runs in busybox ash, dash and bash. script.ts sets the variables that are not set here and calls `listen`,
# `section` and `finish`. "$dir" holds these functions ("$dir/functions") and everything that they write.
#
# Every line that counts starts and ends with the nonce, and one about a probe also with what it is about, so that nothing that
# a peer says, and no line cut short, glued to another or with a piece of another in it, can pass for an answer:
#   NONCE A SECTION.NUMBER <tab> FIELD <tab> ... <tab> NONCE SECTION.NUMBER   an answer
#   NONCE T TARGET <tab> TEXT <tab> NONCE TARGET                              what only a verbose look can tell
#   NONCE U SECTION.NUMBER <tab> TEXT <tab> NONCE SECTION.NUMBER              what the image has cannot make this probe
#   NONCE M SECTION <tab> TOOL <tab> NONCE SECTION                            the image lacks this program
#   NONCE E JOBS <tab> NONCE                                                  the end, with the number of jobs received

tab=$(printf '\t')
line_end=$(printf '\036')
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

# unable NUMBER TEXT: why no program of the image can make this probe, and what would help.
unable() {
  printf '%s\n' "$nonce U $section.$1$tab$2$tab$nonce $section.$1"
}

# trace TARGET TEXT
trace() {
  printf '%s\n' "$nonce T $1$tab$2$tab$nonce $1"
}

# Sets $now: seconds since the machine started, to 10 ms; the one clock that every image and shell has.
read_clock() {
  now=
  read -r now _ </proc/uptime
} 2>/dev/null

# No answer may fill the pod's disk: 8 blocks of 512 bytes (bash: of 1024). Without the signal, only the write fails that is
# too much.
limit_files() {
  trap '' XFSZ
  ulimit -f 8
}

# read_body FILE: sets $body to its first two lines, which are cut where they are longer than any floater's answer: probes
# that run at once share a pipe, which keeps only lines of up to 4,096 bytes apart (POSIX, PIPE_BUF).
read_body() {
  body= more=
  [ ! -e "$1" ] || { IFS= read -r body; IFS= read -r more; } <"$1"
  [ -z "$more" ] || body="$body $more"
  [ "${#body}" -le 512 ] || body=$(printf '%.512s...' "$body")
}

# join_lines TEXT: sets $lines to the text as one line, with $line_end between its lines and without those on which ping
# only counts replies.
join_lines() {
  lines=
  while IFS= read -r line && [ "${#lines}" -lt 2000 ]; do
    case $line in
    '' | *' bytes from '*) ;;
    *) lines=$lines${lines:+$line_end}$line ;;
    esac
  done <<END
$1
END
}

# limited SECONDS COMMAND...: exits 124 where the command had to be ended. Not `timeout`: busybox's leaves a process
# behind for process 1 to reap. `listen` says why KILL.
limited() {
  seconds=$1
  shift
  "$@" &
  command=$!
  (
    trap 'kill -KILL "$!"; wait "$!"; exit' TERM
    sleep "$seconds" &
    wait "$!"
    trap '' TERM
    kill -KILL "$command"
    exit 124
  ) >/dev/null 2>&1 &
  watch=$!
  wait "$command" 2>/dev/null
  code=$?
  kill "$watch" 2>/dev/null
  wait "$watch" 2>/dev/null
  [ "$code.$?" != 137.124 ] || code=124
  return "$code"
}

# is_name HOST: it is no address.
is_name() {
  case $1 in
  *:*) return 1 ;;
  *[!0-9.]*) return 0 ;;
  *) return 1 ;;
  esac
}

# split_target TARGET: sets $host and $port from "192.0.2.1:80", "[2001:db8::1]:80" or "www.example.com:80".
split_target() {
  port=${1##*:}
  host=${1%:*}
  host=${host#'['}
  host=${host%']'}
}

# one_by_one SHELL: a process for each job of "$jobs", which runs the script on standard input with the job's number and
# target; $parallel at once.
one_by_one() {
  cat >"$dir/one"
  (
    $own_group xargs -P "$parallel" -n 2 "$1" "$dir/one" <"$jobs" &
    background "$!"
    wait
  )
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

# section NAME PROTOCOL CHECK JOBS TOOL...: the jobs, "NUMBER TARGET" a line, are on standard input; a tool may be one of
# several, as in "nslookup|dig".
section() {
  section=$1
  protocol=$2
  check=$3
  received=$((received + $4))
  jobs=$dir/jobs
  cat >"$jobs"
  shift 4
  for tool; do
    has_one_of "$tool" || { printf '%s\n' "$nonce M $section$tab$tool$tab$nonce $section"; return; }
  done
  export section
  if ! stopped; then "probe_$protocol"; fi
}

has_one_of() {
  tools=$1'|'
  while [ -n "$tools" ]; do
    ! command -v "${tools%%'|'*}" >/dev/null || return 0
    tools=${tools#*'|'}
  done
  return 1
}

finish() {
  kill "$listener" "$clock" 2>/dev/null
  wait
  rm -rf "$dir"
  printf '%s\n' "$nonce E $received$tab$nonce"
  exit 0
}
