# What this pod's network has counted (/proc/net/snmp and snmp6), and what waits to be read (/proc/net/udp and udp6), three times: at
# once, a second later, and when standard input has ended. Read by frame.sh, which explains the words used here.

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
  if [ -r /proc/net/udp ]; then add_unread; fi
  answer "$1" "$counts"
}

# "UdpUnread 2496": bytes of datagrams that wait in sockets, of both families, since a socket of IPv6 takes IPv4 as well. The kernel
# counts a datagram in InDatagrams only when a program reads it (net/ipv4/udp.c, udp_recvmsg).
# "  42: 0100007F:1F90 00000000:0000 07 00000000:000009C0 ...": the fifth column has both queues, in hexadecimal.
add_unread() {
  unread=0
  for table in /proc/net/udp /proc/net/udp6; do
    [ -r "$table" ] || continue
    while read -r _ _ _ _ queues _; do
      case $queues in
      *:*[!0-9A-Fa-f]*) ;;
      *:*) unread=$((unread + 0x${queues#*:})) ;;
      esac
    done <"$table"
  done
  counts=$counts$tab"UdpUnread $unread"
}
