# TCP, asked with an HTTP request. Read by frame.sh, which explains the words used here.
#
# curl 7.75 and later (%{urlnum}, %{exitcode}, %{errormsg}) makes every probe in one process; older curls make one
# a process. -w goes to stderr, because on stdout it is held back until curl ends; bodies go to a file each, because
# parallel bodies interleave.
# curl's exit code 7 does not tell a refused connection from a missing route: those few are asked again with -v.

probe_tcp() {
  limit=$probe_timeout
  # A foreign server may wait for the client's first word, which an HTTP request is not always: it need not answer.
  if [ "$check" = connect ] && [ "$limit" -gt "$((connect_timeout + 1))" ]; then limit=$((connect_timeout + 1)); fi
  {
    printf '%s\n' 'noproxy = "*"' globoff silent show-error
    printf '%s = %s\n' connect-timeout "$connect_timeout" max-time "$limit"
    if [ "$check" = mtu ]; then ask_with_a_body; else printf '%s\n' 'header = "Connection: close"'; fi
  } >"$dir/options"
  if curl_is_parallel; then probe_tcp_at_once; else probe_tcp_one_by_one; fi
}

# A request of 16 KiB: with packets of 1,500 bytes the first ten, all that may be under way at first (RFC 6928), are full.
# Both floaters answer only when they have all of it: Go's net/http reads what its handler has left of a body, up to
# 256 KiB, before it sends the answer's first line (server.go, maxPostHandlerReadBytes), but not with "Connection: close".
# Without "Expect:", curl would wait for leave to send the body.
# What is measured is this direction; the other one is the other node's own probe.
ask_with_a_body() {
  dd if=/dev/zero of="$dir/request" bs=1024 count=16 2>/dev/null
  printf '%s\n' "data-binary = \"@$dir/request\"" 'header = "Expect:"'
}

curl_is_parallel() {
  read -r _ version _ <<END
$(curl -q -V)
END
  major=${version%%.*}
  minor=${version#*.}
  minor=${minor%%.*}
  [ "$major" -gt 7 ] || { [ "$major" -eq 7 ] && [ "$minor" -ge 75 ]; }
} 2>/dev/null

probe_tcp_at_once() {
  while read -r number target; do
    printf 'url = "http://%s/"\noutput = "%s/body.%s.%s"\n' "$target" "$dir" "$section" "$number"
  done <"$jobs" >"$dir/urls"
  # The number is that of the URL; the first of a section is 0, as in "$jobs".
  printf 'write-out = "%%{stderr}%s' "$nonce" >"$dir/format"
  printf '%s\n' ' %{urlnum} %{exitcode} %{http_code} %{time_connect} %{time_total} %{url} %{errormsg}\n"' >>"$dir/format"
  : >"$dir/unreached"
  : >"$dir/unreached.names"
  run_curl -K "$dir/format" -K "$dir/urls" |
    while read -r mark number code http connected total url message; do
      [ "$mark" = "$nonce" ] || continue
      read_body "$dir/body.$section.$number"
      answer "$number" "$code" "$http" "$connected" "$total" "$message" "$body"
      [ "$code" = 7 ] || continue
      target=${url#http://}
      split_target "${target%/}"
      if is_name "$host"; then
        printf '%s\n' "$url" >>"$dir/unreached.names"
      else
        printf 'url = "%s"\noutput = /dev/null\n' "$url" >>"$dir/unreached"
      fi
    done
  if [ -s "$dir/unreached" ] && ! stopped; then
    run_curl -v -K "$dir/unreached" | trace_connections
  fi
  # curl says the address that it tried, not the name: one after the other, so that it is known whose it is.
  while read -r url && ! stopped; do
    target=${url#http://}
    run_curl -v "$url" </dev/null | trace_connections "${target%/}"
  done <"$dir/unreached.names"
}

run_curl() {
  (
    (
      limit_files
      exec curl -q -K "$dir/options" --no-progress-meter -Z --parallel-immediate --parallel-max "$parallel" "$@" \
        2>&1 >/dev/null
    ) &
    background "$!"
    wait
  )
}

# "* connect to 192.0.2.1 port 80 [from 192.0.2.9 port 4711] failed: Connection refused"
# trace_connections [TARGET]: all of it is about this one, where it is given.
trace_connections() {
  while read -r line; do
    case $line in
    *'connect to '*' port '*' failed: '*)
      host=${line#*connect to }
      port=${host#* port }
      host=${host%% port *}
      case $host in *:*) host="[$host]" ;; esac
      trace "${1:-$host:${port%% *}}" "${line##* failed: }"
      ;;
    esac
  done
}

probe_tcp_one_by_one() {
  one_by_one sh <<'END'
. "$dir/functions"
timing=$(
  limit_files
  exec curl -q -K "$dir/options" -v -o "$dir/body.$section.$1" -w '%{http_code} %{time_connect} %{time_total}' \
    "http://$2/" 2>"$dir/said.$1"
)
code=$?
read -r http connected total <<TIMING
$timing
TIMING
message=
while read -r line; do
  case $line in 'curl: ('*) message=${line#*) } ;; esac
done <"$dir/said.$1"
read_body "$dir/body.$section.$1"
answer "$1" "$code" "$http" "$connected" "$total" "$message" "$body"
[ "$code" != 7 ] || trace_connections "$2" <"$dir/said.$1"
END
}
