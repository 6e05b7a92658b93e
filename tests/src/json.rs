//! Which key of lsof's JSON stands for which letter of its fields.

/// Field letter, key, and whether the value is a string; in the order of JSON.
pub const KEYS: [(u8, &str, bool); 22] = [
    (b'p', "pid", false),
    (b'K', "tid", false),
    (b'M', "task_cmd", true),
    (b'g', "pgid", false),
    (b'R', "ppid", false),
    (b'c', "command", true),
    (b'u', "uid", false),
    (b'L', "login", true),
    (b'f', "fd", true),
    (b'a', "access", true),
    (b'l', "lock", true),
    (b't', "type", true),
    (b'd', "device", true),
    (b'D', "device_number", true),
    (b'r', "raw_device", true),
    (b's', "size", true),
    (b'o', "offset", true),
    (b'i', "inode", true),
    (b'k', "nlink", false),
    (b'P', "protocol", true),
    (b'G', "flags", true),
    (b'n', "name", true),
];
