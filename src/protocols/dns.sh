# DNS, asked with nslookup, or with dig where that is all there is. Read by frame.sh, which explains the words used here.
#
# A target is NAME@SERVER#PORT, or NAME@ for the resolver that the pod itself uses. nslookup is bind's or a busybox's, which
# share -timeout, -retry (one try: what it hides would be a lost packet) and -port, but for the one that busyboxes were
# built with on musl before 2019, which has none of them.
#
# The search path is gone through here, name by name, as the C library does it for an application (resolv.conf(5)): bind's
# nslookup would go through it too, busybox's would not. What is asked is always a whole name, with a dot at its end.

probe_dns() {
  one_by_one sh <<'END'
. "$dir/functions"
number=$1
name=${2%%@*}
server=${2#*@}
port=${server##*#}
server=${server%#*}
read_clock
started=$now
trouble=
for candidate in $(candidates "$name"); do
  look_up "$candidate"
  # Where there is no such name the next one is tried, and after a name server's own trouble, too, which is remembered: it is
  # the answer where no other name has an address.
  case $said in
  *Name:* | *"${tab}IN${tab}A"*) trouble= && break ;;
  *SERVFAIL*) trouble=${trouble:-$said} ;;
  *NXDOMAIN* | *'No answer'* | *"an't resolve"* | *'ANSWER: 0'*) ;;
  *) trouble= && break ;;
  esac
done
said=${trouble:-$said}
read_clock
join_lines "$said"
answer "$number" "$code" "$started" "$now" "$lines"
END
}

# candidates NAME: the whole names that it may stand for, in order.
candidates() {
  case $1 in *.) echo "$1"; return ;; esac
  search=
  ndots=1
  while read -r key values; do
    case $key in
    search) search=$values ;;
    options)
      for option in $values; do
        case $option in ndots:*) ndots=${option#ndots:} ;; esac
      done
      ;;
    esac
  done </etc/resolv.conf
  rest=$1
  dots=0
  while [ "$rest" != "${rest#*.}" ]; do
    rest=${rest#*.}
    dots=$((dots + 1))
  done
  if [ "$dots" -ge "$ndots" ]; then echo "$1."; fi
  for domain in $search; do
    # A search path may hold the root alone.
    domain=${domain%.}
    echo "$1.${domain:+$domain.}"
  done
  if [ "$dots" -lt "$ndots" ]; then echo "$1."; fi
}

# look_up WHOLE-NAME: sets $said and $code.
look_up() {
  if ! command -v nslookup >/dev/null; then
    set -- +tries=1 +time="$connect_timeout" +noall +comments +answer -p "${port:-53}" ${server:+"@$server"} "$1" A "$1" AAAA
    said=$(limited "$probe_timeout" dig "$@" 2>&1)
    code=$?
    return
  fi
  said=$(limited "$probe_timeout" nslookup -timeout="$connect_timeout" -retry=1 -port="${port:-53}" "$1" $server 2>&1)
  code=$?
  case ${port:-53}.$said in
  53.*Usage:*)
    said=$(limited "$probe_timeout" nslookup "$1" $server 2>&1)
    code=$?
    ;;
  esac
}
