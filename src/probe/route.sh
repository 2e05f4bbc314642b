# The way to an address, hop by hop. Read by frame.sh, which explains the words used here. busybox and Linux' traceroute share
# these options; iputils' tracepath needs no rights, but has no limit of its own.

probe_route() {
  one_by_one sh <<'END'
. "$dir/functions"
number=$1
if command -v traceroute >/dev/null; then
  set -- traceroute -n -q 1 -w 1 -m 5 "$2"
else
  set -- tracepath -n -m 5 "$2"
fi
said=$(limited 6 "$@" 2>&1)
code=$?
join_lines "$said"
answer "$number" "$code" "$lines"
END
}
