# What this pod's network has counted (/proc/net/snmp and snmp6), three times: at once, a second later, and when standard
# input has ended. Read by frame.sh, which explains the words used here.

probe_arrivals() {
  if [ ! -r /proc/net/snmp ]; then
    for number in 0 1 2; do unable "$number" "there is no /proc/net/snmp to read in this pod"; done
    return
  fi
  report_counts 0
  pass_time 1
  report_counts 1
  stopped || pass_time "$deadline"
  report_counts 2
}

# pass_time SECONDS: less where standard input ends.
pass_time() {
  sleep "$1" &
  background "$!"
  wait "$!" 2>/dev/null
}

# "Tcp: RtoAlgorithm ... InSegs" and "Tcp: 1 ... 42": the names, and then the values. "Udp6InDatagrams   42": one a line.
report_counts() {
  counts=
  while IFS= read -r line; do
    case $line in Tcp:* | Udp:* | Icmp:*) counts=$counts${counts:+$tab}$line ;; esac
  done </proc/net/snmp
  if [ -r /proc/net/snmp6 ]; then
    while read -r name value; do
      case $name in
      Udp6InDatagrams | Udp6NoPorts | Udp6InErrors | Udp6OutDatagrams | Icmp6InEchos | Icmp6OutEchoReplies)
        counts=$counts${counts:+$tab}"$name $value"
        ;;
      esac
    done </proc/net/snmp6
  fi
  answer "$1" "$counts"
}
