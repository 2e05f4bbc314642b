# ICMP, asked with the image's ping. Read by frame.sh, which explains the words used here. With the check "mtu", the largest
# packet that passes is found; with "own-mtu" no more than the largest that may set out.
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
  [ -s "$jobs" ] || return
  case $check in
  *mtu) size_all ;;
  *) ping_all ;;
  esac
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

# Sizes are those of whole packets, IP header included. Every packet forbids fragments (DF).
size_all() {
  if ! is_iputils; then
    while read -r number _; do
      unable "$number" "the image's ping cannot forbid fragments: that takes the ping of iputils"
    done <"$jobs"
    return
  fi
  # "probe" sends what the kernel believes to be too large, too; iputils has it since 2023.
  forbid='do'
  if ping -M probe -V >/dev/null 2>&1; then forbid=probe; fi
  # What was learnt of one address says nothing of others: those of the documentation are nobody's (RFC 5737, RFC 3849).
  usual_ipv4='' usual_ipv6=''
  if has_one_interface; then
    ping_sized 65535 192.0.2.1 1 do
    usual_ipv4=$limit
    ping_sized 65535 2001:db8::1 1 do
    usual_ipv6=$limit
  fi
  export usual_ipv4 usual_ipv6 check forbid
  # Each is several processes, one after the other: script.ts counts with as many.
  all_at_once=$parallel
  [ "$parallel" -lt 16 ] || parallel=16
  one_by_one sh <<'END'
. "$dir/functions"
own='' largest='' told='' lines=''
find_largest "$2"
answer "$1" "$code" "$own" "$largest" "$told" "$lines"
END
  parallel=$all_at_once
}

# find_largest ADDRESS: sets $own to the largest packet that may set out for it, and $largest to the largest that is answered;
# $told to "told" where a router on the way named it, and to "learnt" where it did so before and nothing larger may set out
# until the kernel has forgotten that, which takes ten minutes (net.ipv4.route.mtu_expires). The kernel refuses what is larger than it knows the way to be, and says so; where
# it has learnt that from a router, $usual is what it had thought before. Where $largest stays empty, $code and $lines say why.
find_largest() {
  case $1 in
  *:*) usual=$usual_ipv6 least=104 ;;
  *) usual=$usual_ipv4 least=84 ;;
  esac
  ping_sized 65535 "$1" 1 do
  if [ "$code" = 0 ]; then own=65535 largest=65535; fi
  if [ -n "$largest" ] || [ -z "$limit" ]; then return; fi
  own=$limit
  if [ "${usual:-0}" -gt "$own" ]; then own=$usual; fi
  [ "$check" = mtu ] || return
  ping_sized "$own" "$1" 1
  if [ "$code" = 0 ]; then
    largest=$own
    return
  fi
  case $lines in
  *'local error'*)
    largest=$limit told=learnt
    return
    ;;
  esac
  said=$limit
  ping_sized "$least" "$1" "$connect_timeout"
  [ "$code" = 0 ] || return
  search "$1" "$said"
  # A packet that is merely lost is no packet that is too large.
  if [ -n "$told" ] || ! ping_sized "$own" "$1" "$connect_timeout"; then
    largest=$low
  else
    largest=$own
  fi
  code=0
}

# search ADDRESS LIMIT: sets $low to the largest packet that passes: what a router says, or by halves, at first near the
# largest, since most often it is the header of a tunnel that there is no room for.
search() {
  low=$least high=$own said=$2 step=32
  while [ "$((high - low))" -gt 1 ] && ! stopped; do
    if [ "${said:-0}" -gt "$low" ] && [ "$said" -lt "$high" ]; then
      size=$said
    elif [ "$((own - step))" -gt "$low" ] && [ "$((own - step))" -lt "$high" ]; then
      size=$((own - step))
      step=$((step * 4))
    else
      size=$(((low + high) / 2))
    fi
    if ping_sized "$size" "$1" 1; then
      low=$size step=$own
      if [ "$size" = "$said" ]; then
        told=told
        return
      fi
    else
      high=$size said=$limit
    fi
  done
}

# ping_sized SIZE ADDRESS SECONDS [HOW]: asks until there is an answer or an error. Sets $code, $lines, and $limit to the size that
# ping was told of: "local error: message too long, mtu=1450" by the kernel, "Frag needed and DF set (mtu = 1450)" or
# "Packet too big: mtu=1450" by a router.
ping_sized() {
  case $2 in
  *:*) headers=48 ;;
  *) headers=28 ;;
  esac
  lines=$(ping -n -c 1 -i 0.2 -w "$3" -M "${4:-$forbid}" -s "$(($1 - headers))" "$2" 2>&1)
  code=$?
  join_lines "$lines"
  limit=
  case $lines in
  *mtu[\ =:]*)
    limit=${lines##*mtu}
    limit=${limit#"${limit%%[0-9]*}"}
    limit=${limit%%[!0-9]*}
    ;;
  esac
  return "$code"
}

# In a pod's own network there is one, beside the loopback and what a kernel makes for tunnels without being asked.
has_one_interface() {
  interfaces=0
  for interface in /sys/class/net/*/flags; do
    read -r flags <"$interface" || continue
    # IFF_UP, and not IFF_LOOPBACK: include/uapi/linux/if.h.
    [ "$((flags & 9))" != 1 ] || interfaces=$((interfaces + 1))
  done
  [ "$interfaces" = 1 ]
} 2>/dev/null
