# ICMP, asked with the image's ping. Read by frame.sh, which explains the words used here.
#
# iputils and busybox share -c and -W. -i is not in every busybox, and iputils before 2021 lets nobody but root go below 0.2 s:
# what this ping takes is tried on the loopback address of each family. Left out, because they send more than they were told
# to and so hide what was lost: -w of iputils, -A of busybox.

probe_icmp() {
  ping_ipv4= ping_ipv6= unable_ipv4= unable_ipv6=
  export ping_ipv4 ping_ipv6
  mv "$jobs" "$jobs.all"
  : >"$jobs"
  while read -r number target; do
    case $target in
    *:*)
      [ -n "$ping_ipv6" ] || try_ping ping_ipv6 unable_ipv6 ::1
      why=$unable_ipv6
      ;;
    *)
      [ -n "$ping_ipv4" ] || try_ping ping_ipv4 unable_ipv4 127.0.0.1
      why=$unable_ipv4
      ;;
    esac
    if [ -n "$why" ]; then
      unable "$number" "$why"
    else
      printf '%s %s\n' "$number" "$target" >>"$jobs"
    fi
  done <"$jobs.all"
  if [ -s "$jobs" ]; then ping_all; fi
}

# try_ping PING UNABLE ADDRESS: sets the variable PING to the best command that works here, or to the plainest one, since a
# family without a loopback address is nothing of ping's; and UNABLE to a sentence where the kernel allows none.
try_ping() {
  remedy="a pod needs the sysctl net.ipv4.ping_group_range, with hostNetwork the capability NET_RAW"
  for ping in 'ping -n -c 5 -i 0.01' 'ping -n -c 5 -i 0.2' 'ping -c 5 -i 0.2' 'ping -c 3'; do
    # busybox takes the first of these, too, but see below.
    case $ping in *0.01) is_iputils || continue ;; esac
    said=$(limited 3 $ping -W 1 "$3" 2>&1) && break
    case $said in
    *'ermission denied'* | *'not permitted'* | *rivilege* | *cap_net_raw*)
      join_lines "$said"
      set -- "$1" "$2" "the image's ping may not open a ping socket here (${lines##*"$line_end"}): $remedy"
      eval "$2=\$3"
      break
      ;;
    esac
  done
  eval "$1=\$ping"
}

is_iputils() {
  case $(ping -V 2>&1) in *iputils*) ;; *) return 1 ;; esac
}

# A raw socket hears what every other ping on this node receives, and busybox gives it room for some 20 packets: many at
# once lose replies that did arrive. So what busybox lost is asked for once more, by few at a time.
ping_all() {
  export lossy=
  if is_iputils; then
    ping_each
    return
  fi
  lossy=$dir/lossy
  : >"$lossy"
  ping_each
  if [ -s "$lossy" ] && ! stopped; then
    (
      jobs=$lossy lossy=
      [ "$parallel" -lt 4 ] || parallel=4
      ping_each
    )
  fi
}

ping_each() {
  one_by_one sh <<'END'
. "$dir/functions"
case $2 in *:*) ping=$ping_ipv6 ;; *) ping=$ping_ipv4 ;; esac
ping="$ping -W $connect_timeout"
# Only to resolve a name can take longer than ping was told.
if is_name "$2"; then ping="limited $((probe_timeout + connect_timeout)) $ping"; fi
said=$($ping "$2" 2>&1)
code=$?
join_lines "$said"
if [ -n "$lossy" ] && has_lost_some; then
  printf '%s %s\n' "$1" "$2" >>"$lossy"
else
  answer "$1" "$code" "$lines"
fi
END
}

# "5 packets transmitted, 3 packets received": neither all nor none.
has_lost_some() {
  case $lines in *' packets transmitted, '*) ;; *) return 1 ;; esac
  sent=${lines%' packets transmitted, '*}
  sent=${sent##*"$line_end"}
  received=${lines##*' packets transmitted, '}
  received=${received%% *}
  [ "$received" -gt 0 ] && [ "$received" -lt "$sent" ]
} 2>/dev/null
