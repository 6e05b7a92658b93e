complete -c rlsof -s c -d 'select commands that begin so, ^ without those, /expression/[bix]' -r
complete -c rlsof -s d -d 'select descriptors, ^ all others' -r
complete -c rlsof -s D -d 'refused: there is no device cache' -r
complete -c rlsof -s e -d 'do not look at files on a file system' -r
complete -c rlsof -s f -d 'names are plain files, with + file systems; with g or G show open flags' -r
complete -c rlsof -s F -d 'print fields for programs' -r
complete -c rlsof -s g -d 'show process groups, select some' -r
complete -c rlsof -s i -d 'select Internet sockets' -r
complete -c rlsof -s K -d 'list tasks, or ignore them' -r
complete -c rlsof -s L -d 'with + show link counts and select those below a limit' -r
complete -c rlsof -s m -d 'refused: there is no kernel memory file' -r
complete -c rlsof -s o -d 'print offsets, or set their digits' -r
complete -c rlsof -s p -d 'select processes, ^ without those' -r
complete -c rlsof -s r -d 'repeat, with + until nothing is found' -r
complete -c rlsof -s s -d 'print sizes, or filter sockets by state' -r
complete -c rlsof -s S -d 'deadline of calls that may block' -r
complete -c rlsof -s T -d 'show state or queues of sockets, or none' -r
complete -c rlsof -s u -d 'select users, ^ without those' -r
complete -c rlsof -s x -d '+d and +D cross file systems and links' -r
complete -c rlsof -s Z -d 'show SELinux contexts, select some' -r
complete -c rlsof -s ? -d 'print help'
complete -c rlsof -s a -d 'files must match all selections'
complete -c rlsof -s b -d 'avoid calls that may block'
complete -c rlsof -s E -d 'show other ends of pipes and sockets, with + their files too'
complete -c rlsof -s h -d 'print help'
complete -c rlsof -s H -d 'print sizes with units'
complete -c rlsof -s J -d 'print one JSON object'
complete -c rlsof -s j -d 'print a JSON object for each file'
complete -c rlsof -s l -d 'print user numbers'
complete -c rlsof -s M -d 'do not ask the port mapper, with + do'
complete -c rlsof -s n -d 'do not look up host names, with + do'
complete -c rlsof -s N -d 'select files on NFS'
complete -c rlsof -s O -d 'make calls that may block without a deadline'
complete -c rlsof -s P -d 'do not look up port names, with + do'
complete -c rlsof -s Q -d 'a failed search is no error'
complete -c rlsof -s R -d 'show parent processes'
complete -c rlsof -s t -d 'print process numbers only'
complete -c rlsof -s U -d 'select unix sockets'
complete -c rlsof -s v -d 'print the version'
complete -c rlsof -s V -d 'report what was not found'
complete -c rlsof -s w -d 'no warnings, with + warnings'
complete -c rlsof -s X -d 'do not read the TCP and UDP tables'
