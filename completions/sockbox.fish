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

complete -c sockbox -n "__fish_sockbox_needs_command" -l list -d 'List the tools in this box'
complete -c sockbox -n "__fish_sockbox_needs_command" -l install -d 'Make a link to this box in DIR for each tool, by the name of its original'
complete -c sockbox -n "__fish_sockbox_needs_command" -s s -l symbolic -d 'With --install: symbolic links instead of hard ones'
complete -c sockbox -n "__fish_sockbox_needs_command" -s h -l help -d 'Explain this box and leave'
complete -c sockbox -n "__fish_sockbox_needs_command" -s V -l version -d 'Tell the version and leave'
complete -c sockbox -n "__fish_sockbox_needs_command" -a "netstat" -d 'list sockets, routes, interfaces and counters as netstat does'
complete -c sockbox -n "__fish_sockbox_needs_command" -a "rnetstat" -d 'list sockets, routes, interfaces and counters as netstat does'
complete -c sockbox -n "__fish_sockbox_needs_command" -a "ss" -d 'list sockets as ss does'
complete -c sockbox -n "__fish_sockbox_needs_command" -a "rss" -d 'list sockets as ss does'
complete -c sockbox -n "__fish_sockbox_needs_command" -a "lsof" -d 'list open files as lsof does'
complete -c sockbox -n "__fish_sockbox_needs_command" -a "rlsof" -d 'list open files as lsof does'
