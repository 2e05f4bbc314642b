# DNS, asked with nslookup, or with dig where that is all there is. Read by frame.sh, which explains the words used here.
#
# A target is NAME@SERVER#PORT, or NAME@ for the resolver that the pod itself uses. nslookup is bind's or a busybox's, which
# share -timeout, -retry (one try: what it hides would be a lost packet) and -port, but for the one that busyboxes were
# built with on musl before 2019, which has none of them.

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
if command -v nslookup >/dev/null; then
  said=$(limited "$probe_timeout" nslookup -timeout="$connect_timeout" -retry=1 -port="${port:-53}" "$name" $server 2>&1)
  code=$?
  case ${port:-53}.$said in
  53.*Usage:*)
    said=$(limited "$probe_timeout" nslookup "$name" $server 2>&1)
    code=$?
    ;;
  esac
else
  set -- +tries=1 +time="$connect_timeout" +search +noall +comments +answer -p "${port:-53}" ${server:+"@$server"}
  said=$(limited "$probe_timeout" dig "$@" "$name" A "$name" AAAA 2>&1)
  code=$?
fi
read_clock
join_lines "$said"
answer "$number" "$code" "$started" "$now" "$lines"
END
}
