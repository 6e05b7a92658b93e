//! The usage text.

/// What `-h` prints, and what follows a complaint about the command line.
pub(crate) const USAGE: &str = "\
Usage: ss [ OPTIONS ]
       ss [ OPTIONS ] [ FILTER ]
   -h, --help            print this text and end
   -V, -v, --version     print the version and end

What to list
   -a, --all             sockets in every state
   -l, --listening       only listening sockets
   -B, --bound-inactive  only TCP sockets that are bound and neither listen nor connect
   -4, --ipv4            only IPv4 sockets
   -6, --ipv6            only IPv6 sockets
   -0, --packet          packet sockets
   -t, --tcp             TCP sockets
   -M, --mptcp           MPTCP sockets
   -S, --sctp            SCTP sockets
   -u, --udp             UDP sockets
   -w, --raw             raw sockets
   -x, --unix            unix sockets
       --tipc            TIPC sockets
       --vsock           vsock sockets
       --xdp             XDP sockets
   -f, --family FAMILY   sockets of one family
   -A, --query QUERY, --socket QUERY
                         these tables, separated by commas
   -F, --filter FILE     read the filter from a file
   -N, --net NAME        enter a network namespace

What to tell of them
   -n, --numeric         do not turn numbers into names
   -r, --resolve         look up host names
   -o, --options         timers
   -e, --extended        details: owner, inode, cookie and more
   -m, --memory          socket memory
   -p, --processes       who holds a socket
   -T, --threads         threads that hold a socket
   -i, --info            TCP internals
   -b, --bpf             filters of packet sockets
   -Z, --context         security contexts of processes
   -z, --contexts        security contexts of processes and sockets
       --tos             type of service and priority
       --cgroup          cgroups
       --tipcinfo        TIPC internals
       --inet-sockopt    Internet socket options
       --bpf-maps        what BPF programs stored at sockets
       --bpf-map-id ID   what one BPF map stores at sockets

How to tell it
   -s, --summary         print counts of sockets
   -E, --events          show sockets as they are closed
   -K, --kill            close the sockets, then list them
   -D, --diag FILE       write the kernel's raw answers about TCP to a file
   -H, --no-header       no header line
   -Q, --no-queues       no queue columns
   -O, --oneline         each socket on one line

   FAMILY := { inet | inet6 | link | unix | netlink | vsock | tipc | xdp | help }
   QUERY  := { all | inet | tcp | mptcp | udp | raw | sctp | unix | unix_dgram |
               unix_stream | unix_seqpacket | packet | packet_raw | packet_dgram |
               netlink | vsock | vsock_stream | vsock_dgram | tipc | xdp }[,QUERY]
   FILTER := [ state STATE | exclude STATE ]... [ EXPRESSION ]
   STATE  := { all | connected | synchronized | bucket | big | established | syn-sent |
               syn-recv | fin-wait-1 | fin-wait-2 | time-wait | unconnected | close-wait |
               last-ack | listening | closing | bound-inactive | unknown }
   EXPRESSION := { ( EXPRESSION ) | not EXPRESSION | EXPRESSION or EXPRESSION |
               EXPRESSION [and] EXPRESSION | {src|dst} [=] HOST |
               {sport|dport} [= | != | ge | le | gt | lt] [HOST]:PORT |
               dev [= | !=] DEVICE | fwmark [= | !=] MARK[/MASK] |
               cgroup [= | !=] PATH | autobound }
";

#[cfg(test)]
mod tests {
    use super::USAGE;
    use crate::flags::FLAGS;

    fn words() -> impl Iterator<Item = &'static str> {
        USAGE.split([' ', ',', '\n'])
    }

    #[test]
    fn every_option_of_the_table_is_in_the_usage() {
        for flag in FLAGS {
            for &letter in flag.shorts {
                let word = format!("-{}", char::from(letter));
                assert!(words().any(|other| other == word), "{word}");
            }
            for long in flag.longs {
                let word = format!("--{long}");
                assert!(words().any(|other| other == word), "{word}");
            }
        }
    }

    #[test]
    fn every_option_of_the_usage_is_in_the_table() {
        for word in words().filter(|word| word.starts_with('-')) {
            let known = match word.strip_prefix("--") {
                Some(long) => FLAGS.iter().any(|flag| flag.longs.contains(&long)),
                None => {
                    FLAGS
                        .iter()
                        .any(|flag| flag.shorts == &word.as_bytes()[1..])
                        || FLAGS
                            .iter()
                            .any(|flag| flag.shorts.contains(&word.as_bytes()[1]))
                }
            };
            assert!(known, "{word}");
        }
    }
}
