# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_sockbox_global_optspecs
    string join \n list install s/symbolic h/help V/version
end

function __fish_sockbox_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_sockbox_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_sockbox_using_subcommand
    set -l cmd (__fish_sockbox_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c sockbox -n "__fish_sockbox_needs_command" -l list -d 'list the tools in this box'
complete -c sockbox -n "__fish_sockbox_needs_command" -l install -d 'make a link to this box in DIR for each tool, by the name of its original'
complete -c sockbox -n "__fish_sockbox_needs_command" -s s -l symbolic -d 'with --install: symbolic links instead of hard ones'
complete -c sockbox -n "__fish_sockbox_needs_command" -s h -l help -d 'explain this box and leave'
complete -c sockbox -n "__fish_sockbox_needs_command" -s V -l version -d 'tell the version and leave'
complete -c sockbox -n "__fish_sockbox_needs_command" -a "netstat" -d 'list sockets, routes, interfaces and counters as netstat does'
complete -c sockbox -n "__fish_sockbox_needs_command" -a "rnetstat" -d 'list sockets, routes, interfaces and counters as netstat does'
complete -c sockbox -n "__fish_sockbox_needs_command" -a "ss" -d 'list sockets as ss does'
complete -c sockbox -n "__fish_sockbox_needs_command" -a "rss" -d 'list sockets as ss does'
complete -c sockbox -n "__fish_sockbox_needs_command" -a "lsof" -d 'list open files as lsof does'
complete -c sockbox -n "__fish_sockbox_needs_command" -a "rlsof" -d 'list open files as lsof does'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -s A -l protocol -d 'only these address families' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -l ax25 -d 'AX.25 sockets or routes'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -l x25 -d 'X.25 sockets or routes'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -l ip -d 'the same as --inet'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -l ipx -d 'IPX sockets or routes'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -l appletalk -d 'AppleTalk routes'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -l netrom -d 'NET/ROM sockets or routes'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -s 4 -l inet -d 'IPv4 only'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -s 6 -l inet6 -d 'IPv6 only'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -l ddp -d 'the same as --appletalk'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -l rose -d 'ROSE sockets or routes'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -l bluetooth -d 'Bluetooth sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -l tcpip -d 'the same as --inet'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -s V -l version -d 'print the version and end'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -s i -l interfaces -d 'list network interfaces'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -s h -l help -d 'print a short help and end'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -s r -l route -d 'list routes'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -s M -l masquerade -d 'list masqueraded connections'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -s t -l tcp -d 'TCP sockets; with -s the counters of TCP'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -s S -l sctp -d 'SCTP sockets; with -s the counters of SCTP'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -s u -l udp -d 'UDP sockets; with -s the counters of UDP'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -s U -l udplite -d 'UDP-Lite sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -s w -l raw -d 'raw sockets; with -s the counters of IP and ICMP'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -s x -l unix -d 'unix sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -s 2 -l l2cap -d 'Bluetooth L2CAP sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -s f -l rfcomm -d 'Bluetooth RFCOMM sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -s l -l listening -d 'only sockets without a peer'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -s a -l all -d 'sockets with and without a peer'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -s o -l timers -d 'add the timer of each socket'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -s c -l continuous -d 'list again each second'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -s e -l extend -d 'add users and inodes; elsewhere, more columns'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -s p -l programs -d 'add the process that holds each socket'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -s v -l verbose -d 'tell which tables this system lacks'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -s s -l statistics -d 'list the counters of the protocols'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -l notrim -d 'the same as --wide'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -s W -l wide -d 'do not cut addresses, nor paths'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -s n -l numeric -d 'no names for numbers'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -l numeric-hosts -d 'no names for addresses'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -l numeric-ports -d 'no names for ports'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -l numeric-users -d 'no names for users'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -s N -l symbolic -d 'names for hardware; makes routes numeric'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -s C -l cache -d 'with -r, the cache of routes'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -s F -l fib -d 'with -r, the table of routes'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -s g -l groups -d 'multicast groups'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -s Z -l context -d 'add the SELinux context of each process'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -s d -d 'accepted and ignored'
complete -c sockbox -n "__fish_sockbox_using_subcommand netstat" -s ? -d 'print the help as an error'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -s A -l protocol -d 'only these address families' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -l ax25 -d 'AX.25 sockets or routes'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -l x25 -d 'X.25 sockets or routes'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -l ip -d 'the same as --inet'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -l ipx -d 'IPX sockets or routes'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -l appletalk -d 'AppleTalk routes'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -l netrom -d 'NET/ROM sockets or routes'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -s 4 -l inet -d 'IPv4 only'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -s 6 -l inet6 -d 'IPv6 only'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -l ddp -d 'the same as --appletalk'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -l rose -d 'ROSE sockets or routes'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -l bluetooth -d 'Bluetooth sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -l tcpip -d 'the same as --inet'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -s V -l version -d 'print the version and end'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -s i -l interfaces -d 'list network interfaces'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -s h -l help -d 'print a short help and end'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -s r -l route -d 'list routes'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -s M -l masquerade -d 'list masqueraded connections'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -s t -l tcp -d 'TCP sockets; with -s the counters of TCP'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -s S -l sctp -d 'SCTP sockets; with -s the counters of SCTP'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -s u -l udp -d 'UDP sockets; with -s the counters of UDP'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -s U -l udplite -d 'UDP-Lite sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -s w -l raw -d 'raw sockets; with -s the counters of IP and ICMP'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -s x -l unix -d 'unix sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -s 2 -l l2cap -d 'Bluetooth L2CAP sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -s f -l rfcomm -d 'Bluetooth RFCOMM sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -s l -l listening -d 'only sockets without a peer'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -s a -l all -d 'sockets with and without a peer'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -s o -l timers -d 'add the timer of each socket'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -s c -l continuous -d 'list again each second'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -s e -l extend -d 'add users and inodes; elsewhere, more columns'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -s p -l programs -d 'add the process that holds each socket'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -s v -l verbose -d 'tell which tables this system lacks'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -s s -l statistics -d 'list the counters of the protocols'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -l notrim -d 'the same as --wide'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -s W -l wide -d 'do not cut addresses, nor paths'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -s n -l numeric -d 'no names for numbers'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -l numeric-hosts -d 'no names for addresses'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -l numeric-ports -d 'no names for ports'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -l numeric-users -d 'no names for users'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -s N -l symbolic -d 'names for hardware; makes routes numeric'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -s C -l cache -d 'with -r, the cache of routes'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -s F -l fib -d 'with -r, the table of routes'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -s g -l groups -d 'multicast groups'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -s Z -l context -d 'add the SELinux context of each process'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -s d -d 'accepted and ignored'
complete -c sockbox -n "__fish_sockbox_using_subcommand rnetstat" -s ? -d 'print the help as an error'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s f -l family -d 'list sockets of one family' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s A -l socket -l query -d 'list these tables' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s D -l diag -d 'write the kernel\'s raw answers about TCP to a file' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s F -l filter -d 'read the filter from a file' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s N -l net -d 'enter a network namespace' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -l bpf-map-id -d 'show what one BPF map stores at sockets' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s n -l numeric -d 'do not turn numbers into names'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s r -l resolve -d 'look up host names'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s o -l options -d 'show timers'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s e -l extended -d 'show details: owner, inode, cookie and more'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s m -l memory -d 'show socket memory'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s i -l info -d 'show TCP internals'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s p -l processes -d 'show who holds a socket'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s T -l threads -d 'show threads that hold a socket'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s b -l bpf -d 'show filters of packet sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s E -l events -d 'show sockets as they are closed'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s t -l tcp -d 'list TCP sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s S -l sctp -d 'list SCTP sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s u -l udp -d 'list UDP sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s w -l raw -d 'list raw sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s x -l unix -d 'list unix sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -l tipc -d 'list TIPC sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -l vsock -d 'list vsock sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s a -l all -d 'list sockets in every state'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s l -l listening -d 'list only listening sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s B -l bound-inactive -d 'list only TCP sockets that are bound and neither listen nor connect'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s 4 -l ipv4 -d 'list only IPv4 sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s 6 -l ipv6 -d 'list only IPv6 sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s 0 -l packet -d 'list packet sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s s -l summary -d 'print counts of sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s V -s v -l version -d 'print the version'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s h -l help -d 'print this text'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s Z -l context -d 'show the security contexts of processes'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s z -l contexts -d 'show the security contexts of processes and sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -l tipcinfo -d 'show TIPC internals'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -l tos -d 'show type of service and priority'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -l cgroup -d 'show cgroups'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s K -l kill -d 'close the sockets, then list them'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s H -l no-header -d 'print no header line'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s Q -l no-queues -d 'leave out the queue columns'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -l xdp -d 'list XDP sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s M -l mptcp -d 'list MPTCP sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -s O -l oneline -d 'print each socket on one line'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -l inet-sockopt -d 'show Internet socket options'
complete -c sockbox -n "__fish_sockbox_using_subcommand ss" -l bpf-maps -d 'show what BPF programs stored at sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s f -l family -d 'list sockets of one family' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s A -l socket -l query -d 'list these tables' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s D -l diag -d 'write the kernel\'s raw answers about TCP to a file' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s F -l filter -d 'read the filter from a file' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s N -l net -d 'enter a network namespace' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -l bpf-map-id -d 'show what one BPF map stores at sockets' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s n -l numeric -d 'do not turn numbers into names'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s r -l resolve -d 'look up host names'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s o -l options -d 'show timers'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s e -l extended -d 'show details: owner, inode, cookie and more'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s m -l memory -d 'show socket memory'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s i -l info -d 'show TCP internals'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s p -l processes -d 'show who holds a socket'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s T -l threads -d 'show threads that hold a socket'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s b -l bpf -d 'show filters of packet sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s E -l events -d 'show sockets as they are closed'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s t -l tcp -d 'list TCP sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s S -l sctp -d 'list SCTP sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s u -l udp -d 'list UDP sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s w -l raw -d 'list raw sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s x -l unix -d 'list unix sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -l tipc -d 'list TIPC sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -l vsock -d 'list vsock sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s a -l all -d 'list sockets in every state'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s l -l listening -d 'list only listening sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s B -l bound-inactive -d 'list only TCP sockets that are bound and neither listen nor connect'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s 4 -l ipv4 -d 'list only IPv4 sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s 6 -l ipv6 -d 'list only IPv6 sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s 0 -l packet -d 'list packet sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s s -l summary -d 'print counts of sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s V -s v -l version -d 'print the version'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s h -l help -d 'print this text'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s Z -l context -d 'show the security contexts of processes'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s z -l contexts -d 'show the security contexts of processes and sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -l tipcinfo -d 'show TIPC internals'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -l tos -d 'show type of service and priority'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -l cgroup -d 'show cgroups'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s K -l kill -d 'close the sockets, then list them'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s H -l no-header -d 'print no header line'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s Q -l no-queues -d 'leave out the queue columns'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -l xdp -d 'list XDP sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s M -l mptcp -d 'list MPTCP sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -s O -l oneline -d 'print each socket on one line'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -l inet-sockopt -d 'show Internet socket options'
complete -c sockbox -n "__fish_sockbox_using_subcommand rss" -l bpf-maps -d 'show what BPF programs stored at sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s c -d 'select commands that begin so, ^ without those, /expression/[bix]' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s d -d 'select descriptors, ^ all others' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s D -d 'refused: there is no device cache' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s e -d 'do not look at files on a file system' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s f -d 'names are plain files, with + file systems; with g or G show open flags' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s F -d 'print fields for programs' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s g -d 'show process groups, select some' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s i -d 'select Internet sockets' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s K -d 'list tasks, or ignore them' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s L -d 'with + show link counts and select those below a limit' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s m -d 'refused: there is no kernel memory file' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s o -d 'print offsets, or set their digits' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s p -d 'select processes, ^ without those' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s r -d 'repeat, with + until nothing is found' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s s -d 'print sizes, or filter sockets by state' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s S -d 'deadline of calls that may block' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s T -d 'show state or queues of sockets, or none' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s u -d 'select users, ^ without those' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s x -d '+d and +D cross file systems and links' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s Z -d 'show SELinux contexts, select some' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s ? -d 'print help'
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s a -d 'files must match all selections'
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s b -d 'avoid calls that may block'
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s E -d 'show other ends of pipes and sockets, with + their files too'
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s h -d 'print help'
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s H -d 'print sizes with units'
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s J -d 'print one JSON object'
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s j -d 'print a JSON object for each file'
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s l -d 'print user numbers'
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s M -d 'do not ask the port mapper, with + do'
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s n -d 'do not look up host names, with + do'
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s N -d 'select files on NFS'
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s O -d 'make calls that may block without a deadline'
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s P -d 'do not look up port names, with + do'
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s Q -d 'a failed search is no error'
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s R -d 'show parent processes'
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s t -d 'print process numbers only'
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s U -d 'select unix sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s v -d 'print the version'
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s V -d 'report what was not found'
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s w -d 'no warnings, with + warnings'
complete -c sockbox -n "__fish_sockbox_using_subcommand lsof" -s X -d 'do not read the TCP and UDP tables'
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s c -d 'select commands that begin so, ^ without those, /expression/[bix]' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s d -d 'select descriptors, ^ all others' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s D -d 'refused: there is no device cache' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s e -d 'do not look at files on a file system' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s f -d 'names are plain files, with + file systems; with g or G show open flags' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s F -d 'print fields for programs' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s g -d 'show process groups, select some' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s i -d 'select Internet sockets' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s K -d 'list tasks, or ignore them' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s L -d 'with + show link counts and select those below a limit' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s m -d 'refused: there is no kernel memory file' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s o -d 'print offsets, or set their digits' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s p -d 'select processes, ^ without those' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s r -d 'repeat, with + until nothing is found' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s s -d 'print sizes, or filter sockets by state' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s S -d 'deadline of calls that may block' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s T -d 'show state or queues of sockets, or none' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s u -d 'select users, ^ without those' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s x -d '+d and +D cross file systems and links' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s Z -d 'show SELinux contexts, select some' -r
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s ? -d 'print help'
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s a -d 'files must match all selections'
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s b -d 'avoid calls that may block'
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s E -d 'show other ends of pipes and sockets, with + their files too'
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s h -d 'print help'
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s H -d 'print sizes with units'
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s J -d 'print one JSON object'
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s j -d 'print a JSON object for each file'
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s l -d 'print user numbers'
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s M -d 'do not ask the port mapper, with + do'
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s n -d 'do not look up host names, with + do'
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s N -d 'select files on NFS'
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s O -d 'make calls that may block without a deadline'
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s P -d 'do not look up port names, with + do'
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s Q -d 'a failed search is no error'
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s R -d 'show parent processes'
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s t -d 'print process numbers only'
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s U -d 'select unix sockets'
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s v -d 'print the version'
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s V -d 'report what was not found'
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s w -d 'no warnings, with + warnings'
complete -c sockbox -n "__fish_sockbox_using_subcommand rlsof" -s X -d 'do not read the TCP and UDP tables'
