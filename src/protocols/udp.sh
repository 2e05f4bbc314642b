# UDP, asked as agnhost's netexec is: "hostname" brings the name of its pod, "clientip" the address that it sees. Read by
# frame.sh, which explains the words used here.
#
# bash is preferred: it says which error came back. Of nc there are many: openbsd's ends with the first reply where it knows
# -W; without that each wait lasts to its end, so it is made short. Debian's busybox has an nc without UDP.

probe_udp() {
  nc_options=
  export nc_options
  if bash -c ': 3<>/dev/udp/127.0.0.1/9' 2>/dev/null; then
    udp_with_bash
    return
  fi
  case $(nc -h 2>&1) in
  *recvlimit*) nc_options="-u -W 1 -w $connect_timeout" ;;
  *'-u'[!a-z-]*) nc_options="-u -w 1" ;;
  *)
    while read -r number _; do
      unable "$number" "the image has no bash, and its nc has no UDP"
    done <"$jobs"
    return
    ;;
  esac
  udp_with_nc
}

# A datagram is there whole or not at all for one read: that is dd's, bash's own would take its first byte alone.
udp_with_bash() {
  one_by_one bash <<'END'
. "$dir/functions"
ask() {
  printf '%s' "$1" >&3 || return
  read_clock
  started=$now
  limited "$connect_timeout" sh -c 'exec dd bs=2048 count=1 <&3' >"$dir/reply.$number"
}
number=$1
split_target "$2"
reply= seen= started=
{ exec 3<>"/dev/udp/$host/$port" && ask hostname; } 2>"$dir/said.$number"
code=$?
read_clock
ended=$now begun=$started
if [ "$code" = 0 ]; then
  read_body "$dir/reply.$number"
  reply=$body
  if ask clientip 2>/dev/null; then
    read_body "$dir/reply.$number"
    seen=$body
  fi
fi
said=
[ "$code" = 0 ] || said=$(cat "$dir/said.$number")
join_lines "$said"
answer "$number" "$code" "$begun" "$ended" '' "$seen" "${lines%%"$line_end"*}" "$reply"
END
}

udp_with_nc() {
  one_by_one sh <<'END'
. "$dir/functions"
ask() {
  (
    limit_files
    printf '%s' "$1" | nc $options "$host" "$port" >"$dir/reply.$number"
  )
}
number=$1
split_target "$2"
options=$nc_options
is_name "$host" || options="$options -n"
reply= seen=
read_clock
started=$now
ask hostname 2>"$dir/said.$number"
code=$?
read_clock
ended=$now
read_body "$dir/reply.$number"
reply=$body
if [ -n "$reply" ]; then
  ask clientip 2>/dev/null
  read_body "$dir/reply.$number"
  seen=$body
fi
join_lines "$(cat "$dir/said.$number")"
answer "$number" "$code" "$started" "$ended" "${nc_options##* }" "$seen" "${lines%%"$line_end"*}" "$reply"
END
}
