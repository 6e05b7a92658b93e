// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The instructions of the programs, written by hand.
//!
//! One instruction is 64 bits: opcode, destination and source register (four bits each), a 16-bit
//! offset, a 32-bit immediate. Register 0 returns, 1 to 5 are arguments and lost in a call, 6 to 9
//! are kept, 10 is the end of the stack.

/// What the kernel is told: its helpers that write to a reader are for GPL-compatible programs.
pub(super) const LICENCE: &std::ffi::CStr = c"Dual MIT/GPL";

/// `bpf_seq_write(seq, data, length)`.
const HELPER_SEQ_WRITE: i32 = 127;

const fn instruction(opcode: u8, to: u8, from: u8, offset: i16, immediate: i32) -> u64 {
    let [o0, o1] = offset.to_le_bytes();
    let [i0, i1, i2, i3] = immediate.to_le_bytes();
    // The two registers share a byte; the lower half is the destination on little-endian
    // machines and the source on big-endian ones.
    let registers = if cfg!(target_endian = "little") {
        from << 4 | to
    } else {
        to << 4 | from
    };
    if cfg!(target_endian = "little") {
        u64::from_ne_bytes([opcode, registers, o0, o1, i0, i1, i2, i3])
    } else {
        u64::from_ne_bytes([opcode, registers, o1, o0, i3, i2, i1, i0])
    }
}

/// `to = *(u64 *)(from + offset)`
const fn load64(to: u8, from: u8, offset: i16) -> u64 {
    instruction(0x79, to, from, offset, 0)
}
/// `to = *(u32 *)(from + offset)`
const fn load32(to: u8, from: u8, offset: i16) -> u64 {
    instruction(0x61, to, from, offset, 0)
}
/// `to = *(u16 *)(from + offset)`
const fn load16(to: u8, from: u8, offset: i16) -> u64 {
    instruction(0x69, to, from, offset, 0)
}
/// `*(u64 *)(to + offset) = from`
const fn store64(to: u8, offset: i16, from: u8) -> u64 {
    instruction(0x7b, to, from, offset, 0)
}
/// `*(u32 *)(to + offset) = from`
const fn store32(to: u8, offset: i16, from: u8) -> u64 {
    instruction(0x63, to, from, offset, 0)
}
/// `*(u8 *)(to + offset) = from`
const fn store8(to: u8, offset: i16, from: u8) -> u64 {
    instruction(0x73, to, from, offset, 0)
}
/// `*(u16 *)(to + offset) = from`
const fn store16(to: u8, offset: i16, from: u8) -> u64 {
    instruction(0x6b, to, from, offset, 0)
}
/// `to = from`
const fn copy(to: u8, from: u8) -> u64 {
    instruction(0xbf, to, from, 0, 0)
}
/// `to = immediate`
const fn set(to: u8, immediate: i32) -> u64 {
    instruction(0xb7, to, 0, 0, immediate)
}
/// `to += immediate`
const fn add(to: u8, immediate: i32) -> u64 {
    instruction(0x07, to, 0, 0, immediate)
}
/// `to &= immediate`
const fn and(to: u8, immediate: i32) -> u64 {
    instruction(0x57, to, 0, 0, immediate)
}
/// Skips `count` instructions when `register == immediate`.
const fn skip_if_equal(register: u8, immediate: i32, count: i16) -> u64 {
    instruction(0x15, register, 0, count, immediate)
}
/// Skips `count` instructions when `register != immediate`.
const fn skip_if_other(register: u8, immediate: i32, count: i16) -> u64 {
    instruction(0x55, register, 0, count, immediate)
}
/// `to = *(u8 *)(from + offset)`
const fn load8(to: u8, from: u8, offset: i16) -> u64 {
    instruction(0x71, to, from, offset, 0)
}
/// `to += from`
const fn add_register(to: u8, from: u8) -> u64 {
    instruction(0x0f, to, from, 0, 0)
}
/// `to <<= immediate`
const fn shift_left(to: u8, immediate: i32) -> u64 {
    instruction(0x67, to, 0, 0, immediate)
}
/// `to >>= immediate`
const fn shift_right(to: u8, immediate: i32) -> u64 {
    instruction(0x77, to, 0, 0, immediate)
}
/// `to *= immediate`
const fn multiply(to: u8, immediate: i32) -> u64 {
    instruction(0x27, to, 0, 0, immediate)
}
const fn call(helper: i32) -> u64 {
    instruction(0x85, 0, 0, 0, helper)
}
const EXIT: u64 = instruction(0x95, 0, 0, 0, 0);

/// `register == immediate`
const JUMP_EQUAL: u8 = 0x15;
/// `register == other`
const JUMP_EQUAL_REGISTER: u8 = 0x1d;
/// `register > immediate`
const JUMP_ABOVE: u8 = 0x25;
/// `register >= other`
const JUMP_AT_LEAST_REGISTER: u8 = 0x3d;
/// `register & immediate`
const JUMP_ANY_BIT: u8 = 0x45;
/// `register != immediate`
const JUMP_OTHER: u8 = 0x55;
/// `register != other`
const JUMP_OTHER_REGISTER: u8 = 0x5d;
/// `register <= immediate`, both signed
const JUMP_LESS_OR_EQUAL_SIGNED: u8 = 0xd5;

/// Offsets the socket-descriptor program needs, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct SocketOffsets {
    /// `task_struct.tgid`
    pub(super) tgid: i16,
    /// `task_struct.pid`
    pub(super) pid: i16,
    /// `file.f_inode`
    pub(super) f_inode: i16,
    /// `inode.i_mode`
    pub(super) i_mode: i16,
    /// `inode.i_ino`
    pub(super) i_ino: i16,
    /// `inode.i_sb`
    pub(super) i_sb: i16,
    /// `super_block.s_magic`
    pub(super) s_magic: i16,
}

/// Length of one record of [`sockets`]: tgid and pid (32 bits each), descriptor, inode (64 each).
pub(super) const SOCKET_RECORD: usize = 24;

/// `iter/task_file`: one record for each descriptor that is a socket.
///
/// A socket *file* opened by path has the mode of a socket as well; only sockfs has sockets.
pub(super) const fn sockets(at: SocketOffsets) -> [u64; 27] {
    const S_IFMT: i32 = 0xf000;
    const S_IFSOCK: i32 = 0xc000;
    // Context: meta 0, task 8, descriptor 16 (32 bits), file 24; task and file are null in the
    // last call. Every test skips to `set(0, 0)`.
    [
        load64(2, 1, 8),
        skip_if_equal(2, 0, 23),
        load64(3, 1, 24),
        skip_if_equal(3, 0, 21),
        load64(4, 3, at.f_inode),
        load16(5, 4, at.i_mode),
        and(5, S_IFMT),
        skip_if_other(5, S_IFSOCK, 17),
        load64(5, 4, at.i_sb),
        load64(5, 5, at.s_magic),
        skip_if_other(5, SOCKFS_MAGIC, 14),
        load32(5, 2, at.tgid),
        store32(10, -24, 5),
        load32(5, 2, at.pid),
        store32(10, -20, 5),
        load32(5, 1, 16),
        store64(10, -16, 5),
        load64(5, 4, at.i_ino),
        store64(10, -8, 5),
        load64(1, 1, 0),
        load64(1, 1, 0),
        copy(2, 10),
        add(2, -24),
        set(3, 24),
        call(HELPER_SEQ_WRITE),
        set(0, 0),
        EXIT,
    ]
}

/// `bpf_d_path(path, buffer, size)`.
const HELPER_D_PATH: i32 = 147;
const HELPER_CURRENT_TASK: i32 = 158;

/// Jumps by the name of their target.
#[derive(Default)]
struct Assembler {
    code: Vec<u64>,
    jumps: Vec<(usize, &'static str)>,
    labels: Vec<(&'static str, usize)>,
}

impl Assembler {
    fn put(&mut self, instructions: &[u64]) {
        self.code.extend_from_slice(instructions);
    }

    fn label(&mut self, name: &'static str) {
        self.labels.push((name, self.code.len()));
    }

    /// A jump whose offset is filled in at the end.
    fn jump(&mut self, opcode: u8, register: u8, other: u8, immediate: i32, to: &'static str) {
        self.jumps.push((self.code.len(), to));
        self.code
            .push(instruction(opcode, register, other, 0, immediate));
    }

    fn always(&mut self, to: &'static str) {
        self.jump(0x05, 0, 0, 0, to);
    }

    /// Calls a kernel function by its type id.
    fn kernel_function(&mut self, id: u32) {
        self.code.push(instruction(0x85, 0, 2, 0, id.cast_signed()));
    }

    /// `to` = address of the map's value.
    fn map_value(&mut self, to: u8, map: i32) {
        self.put(&[instruction(0x18, to, 2, 0, map), 0]);
    }

    fn finish(mut self) -> Option<Vec<u64>> {
        for (at, name) in self.jumps {
            let &(_, target) = self.labels.iter().find(|(label, _)| *label == name)?;
            let distance = i16::try_from(target as i64 - at as i64 - 1).ok()?;
            *self.code.get_mut(at)? |= instruction(0, 0, 0, distance, 0);
        }
        Some(self.code)
    }
}

/// Offsets the open-file program needs, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct FileOffsets {
    /// `task_struct.tgid`
    pub(super) tgid: i16,
    /// `task_struct.pid`
    pub(super) pid: i16,
    /// `file.f_inode`
    pub(super) f_inode: i16,
    /// `file.f_mode`
    pub(super) f_mode: i16,
    /// `file.f_path`
    pub(super) f_path: i16,
    /// `inode.i_mode`
    pub(super) i_mode: i16,
    /// `inode.i_nlink`
    pub(super) i_nlink: i16,
    /// `inode.i_ino`
    pub(super) i_ino: i16,
    /// `inode.i_size`
    pub(super) i_size: i16,
    /// `inode.i_rdev`
    pub(super) i_rdev: i16,
    /// `inode.i_sb`
    pub(super) i_sb: i16,
    /// `super_block.s_dev`
    pub(super) s_dev: i16,
    /// `super_block.s_magic`
    pub(super) s_magic: i16,
}

/// One record of [`open_files`]: where what lies. The path follows, with a NUL; numbers are the
/// kernel's own.
pub(super) mod file_record {
    /// Length of the whole record (32 bits).
    pub(in crate::bpf) const LENGTH: usize = 0;
    /// `tgid`, `pid`, the descriptor (32 each).
    pub(in crate::bpf) const TGID: usize = 4;
    pub(in crate::bpf) const PID: usize = 8;
    pub(in crate::bpf) const FD: usize = 12;
    /// `i_mode`, `i_nlink` (32 each).
    pub(in crate::bpf) const MODE: usize = 16;
    pub(in crate::bpf) const NLINK: usize = 20;
    /// `i_ino`, `i_size`, `s_magic` (64 each).
    pub(in crate::bpf) const INO: usize = 24;
    pub(in crate::bpf) const SIZE: usize = 32;
    pub(in crate::bpf) const MAGIC: usize = 40;
    /// `i_rdev`, `s_dev`, `f_mode` (32 each).
    pub(in crate::bpf) const RDEV: usize = 48;
    pub(in crate::bpf) const DEV: usize = 52;
    pub(in crate::bpf) const F_MODE: usize = 56;
    /// The path.
    pub(in crate::bpf) const PATH: usize = 64;
    /// The longest path, the NUL counted: that of readlink.
    pub(in crate::bpf) const PATH_MAX: usize = 4096;
    pub(in crate::bpf) const MAX: usize = PATH + PATH_MAX;
}

/// `SOCKFS_MAGIC`: such a file has no path worth the making.
pub(super) const SOCKFS_MAGIC: i32 = 0x534f_434b;

/// `iter/task_file`: one record for each descriptor, with the text of its link unless it is a
/// socket. `map` has one value of at least [`file_record::MAX`] bytes, in which records are made.
pub(super) fn open_files(at: &FileOffsets, map: i32) -> Option<Vec<u64>> {
    use file_record as record;
    let to = |place: usize| place as i16;

    let mut a = Assembler::default();
    // Context: meta 0, task 8, descriptor 16 (32 bits), file 24; task and file are null in the
    // last call.
    a.put(&[copy(6, 1), load64(7, 6, 8)]);
    a.jump(JUMP_EQUAL, 7, 0, 0, "exit");
    a.put(&[load64(8, 6, 24)]);
    a.jump(JUMP_EQUAL, 8, 0, 0, "exit");
    a.map_value(9, map);
    a.put(&[
        load32(1, 7, at.tgid),
        store32(9, to(record::TGID), 1),
        load32(1, 7, at.pid),
        store32(9, to(record::PID), 1),
        load32(1, 6, 16),
        store32(9, to(record::FD), 1),
        load32(1, 8, at.f_mode),
        store32(9, to(record::F_MODE), 1),
        load64(2, 8, at.f_inode),
        load16(1, 2, at.i_mode),
        store32(9, to(record::MODE), 1),
        load32(1, 2, at.i_nlink),
        store32(9, to(record::NLINK), 1),
        load64(1, 2, at.i_ino),
        store64(9, to(record::INO), 1),
        load64(1, 2, at.i_size),
        store64(9, to(record::SIZE), 1),
        load32(1, 2, at.i_rdev),
        store32(9, to(record::RDEV), 1),
        load64(2, 2, at.i_sb),
        load32(1, 2, at.s_dev),
        store32(9, to(record::DEV), 1),
        load64(1, 2, at.s_magic),
        store64(9, to(record::MAGIC), 1),
        set(3, 0),
    ]);
    a.jump(JUMP_EQUAL, 1, 0, SOCKFS_MAGIC, "write");
    a.put(&[
        copy(1, 8),
        add(1, i32::from(at.f_path)),
        copy(2, 9),
        add(2, record::PATH as i32),
        set(3, record::PATH_MAX as i32),
        call(HELPER_D_PATH),
        set(3, 0),
    ]);
    // A path that cannot be told is left to the caller to ask for.
    a.jump(JUMP_LESS_OR_EQUAL_SIGNED, 0, 0, 0, "write");
    a.jump(JUMP_ABOVE, 0, 0, record::PATH_MAX as i32, "write");
    a.put(&[copy(3, 0)]);
    a.label("write");
    a.put(&[
        add(3, record::PATH as i32),
        store32(9, to(record::LENGTH), 3),
        load64(1, 6, 0),
        load64(1, 1, 0),
        copy(2, 9),
        call(HELPER_SEQ_WRITE),
    ]);
    a.label("exit");
    a.put(&[set(0, 0), EXIT]);
    a.finish()
}

/// Numbers the TCP walk needs: offsets in bytes, type ids of structures and kernel functions.
#[derive(Clone, Copy, Debug)]
pub(super) struct TcpNumbers {
    pub(super) nsproxy: i16,
    pub(super) net_ns: i16,
    /// `net.ipv4.tcp_death_row.hashinfo`
    pub(super) hashinfo: i16,
    pub(super) ehash: i16,
    pub(super) ehash_mask: i16,
    /// `inet_ehash_bucket.chain.first`
    pub(super) chain: i16,
    /// `sock_common.skc_nulls_node`
    pub(super) nulls_node: i16,
    pub(super) skc_net: i16,
    pub(super) skc_state: i16,
    pub(super) skc_refcnt: i16,
    pub(super) skc_daddr: i16,
    pub(super) skc_rcv_saddr: i16,
    pub(super) skc_dport: i16,
    pub(super) skc_num: i16,
    pub(super) skc_family: i16,
    pub(super) skc_bound_dev_if: i16,
    pub(super) skc_v6_daddr: i16,
    pub(super) skc_v6_rcv_saddr: i16,
    pub(super) tw_substate: i16,
    pub(super) sk_uid: i16,
    pub(super) sk_ino: i16,
    pub(super) rcv_nxt: i16,
    pub(super) copied_seq: i16,
    pub(super) write_seq: i16,
    pub(super) snd_una: i16,
    pub(super) bucket_type: u32,
    pub(super) socket_type: u32,
    pub(super) time_wait_type: u32,
    pub(super) num_new: u32,
    pub(super) num_next: u32,
    pub(super) num_destroy: u32,
    pub(super) rcu_lock: u32,
    pub(super) rcu_unlock: u32,
    /// `bpf_rdonly_cast`
    pub(super) cast: u32,
}

/// One record of the TCP walk: where what lies. Numbers are the kernel's own; the port of the
/// peer is in network order.
pub(super) mod tcp_record {
    /// `skc_daddr`, `skc_rcv_saddr` (32 bits each).
    pub(in crate::bpf) const DADDR: usize = 0;
    pub(in crate::bpf) const RCV_SADDR: usize = 4;
    /// `skc_dport`, `skc_num`, `skc_family` (16 each).
    pub(in crate::bpf) const DPORT: usize = 8;
    pub(in crate::bpf) const NUM: usize = 10;
    pub(in crate::bpf) const FAMILY: usize = 12;
    /// `skc_state`; `tw_substate` of a TIME_WAIT entry (8 each).
    pub(in crate::bpf) const STATE: usize = 14;
    pub(in crate::bpf) const SUBSTATE: usize = 15;
    /// `skc_bound_dev_if` (32).
    pub(in crate::bpf) const BOUND_DEV_IF: usize = 16;
    /// `sk_uid` (32), `sk_ino` (64), `rcv_nxt`, `copied_seq`, `write_seq`, `snd_una` (32 each):
    /// of neither TIME_WAIT entries nor connection requests.
    pub(in crate::bpf) const UID: usize = 20;
    pub(in crate::bpf) const INODE: usize = 24;
    pub(in crate::bpf) const RCV_NXT: usize = 32;
    pub(in crate::bpf) const COPIED_SEQ: usize = 36;
    pub(in crate::bpf) const WRITE_SEQ: usize = 40;
    pub(in crate::bpf) const SND_UNA: usize = 44;
    /// `skc_v6_daddr`, `skc_v6_rcv_saddr` (128 each): of IPv6 only.
    pub(in crate::bpf) const V6_DADDR: usize = 48;
    pub(in crate::bpf) const V6_RCV_SADDR: usize = 64;
    pub(in crate::bpf) const SIZE: usize = 80;
}

/// The context of the TCP walk, 64-bit words: it carries arguments, cursor and counts.
pub(super) mod tcp_context {
    /// The next bucket.
    pub(in crate::bpf) const BUCKET: usize = 0;
    /// The bucket to stop before.
    pub(in crate::bpf) const END: usize = 1;
    /// The next node; odd: take the next bucket.
    pub(in crate::bpf) const NODE: usize = 2;
    /// Bytes of records in the map.
    pub(in crate::bpf) const POSITION: usize = 3;
    /// Filled by the first run: the namespace, its table, the table's mask.
    pub(in crate::bpf) const NET: usize = 4;
    pub(in crate::bpf) const TABLE: usize = 5;
    pub(in crate::bpf) const MASK: usize = 6;
    /// Where the records of the current bucket begin.
    pub(in crate::bpf) const MARK: usize = 7;
    /// A number of the program's own: pointers become numbers by a way through here.
    pub(in crate::bpf) const SCRATCH: usize = 8;
    pub(in crate::bpf) const WORDS: usize = 9;
}

/// A SYSCALL program that walks the table of TCP connections of the caller's namespace, without
/// locks and references, and stores a record for each entry. `capacity` is the map's size,
/// `steps` bounds one run.
///
/// The kernel's objects are read as numbers cast to pointers of their types: such a load never
/// faults, and the loads of one entry do not wait for each other.
///
/// A chain that ends in another bucket's mark was changed under the walk: its records are dropped
/// and the bucket is walked again. So is a bucket that the map or the run had no more room for.
pub(super) fn tcp_walk(n: &TcpNumbers, map: i32, capacity: i32, steps: i32) -> Option<Vec<u64>> {
    use tcp_context::{BUCKET, END, MARK, MASK, NET, NODE, POSITION, SCRATCH, TABLE};
    use tcp_record as record;
    let word = |index: usize| (index * 8) as i16;
    let size = record::SIZE as i32;

    let mut a = Assembler::default();
    a.put(&[copy(6, 1), load64(1, 6, word(TABLE))]);
    a.jump(JUMP_OTHER, 1, 0, 0, "found");
    // Where the caller's table is. A pointer that is stored in the context comes back as a number.
    a.put(&[
        call(HELPER_CURRENT_TASK),
        load64(1, 0, n.nsproxy),
        load64(1, 1, n.net_ns),
        store64(6, word(NET), 1),
        load64(1, 1, n.hashinfo),
        load64(2, 1, n.ehash),
        store64(6, word(TABLE), 2),
        load32(2, 1, n.ehash_mask),
        store64(6, word(MASK), 2),
    ]);
    a.label("found");
    a.put(&[load64(1, 6, word(TABLE))]);
    a.jump(JUMP_EQUAL, 1, 0, 0, "exit");
    a.put(&[copy(1, 10), add(1, -8), set(2, 0), set(3, steps)]);
    a.kernel_function(n.num_new);
    a.kernel_function(n.rcu_lock);

    a.label("loop");
    a.put(&[copy(1, 10), add(1, -8)]);
    a.kernel_function(n.num_next);
    a.jump(JUMP_EQUAL, 0, 0, 0, "out");
    a.put(&[load64(7, 6, word(NODE))]);
    a.jump(JUMP_ANY_BIT, 7, 0, 1, "chain end");
    a.put(&[load64(9, 6, word(POSITION))]);
    a.jump(JUMP_ABOVE, 9, 0, capacity - size, "out");
    // An entry: its address less that of its member.
    let cast = |a: &mut Assembler, register: u8, offset: i16, kind: u32| {
        a.put(&[
            copy(1, register),
            add(1, -i32::from(offset)),
            set(2, kind.cast_signed()),
        ]);
        a.kernel_function(n.cast);
    };
    cast(&mut a, 7, n.nulls_node, n.socket_type);
    a.put(&[
        copy(8, 0),
        load64(1, 8, n.nulls_node),
        store64(6, word(NODE), 1),
        load64(1, 8, n.skc_net),
        load64(2, 6, word(NET)),
    ]);
    a.jump(JUMP_OTHER_REGISTER, 1, 2, 0, "loop");
    a.put(&[load32(1, 8, n.skc_refcnt)]);
    a.jump(JUMP_EQUAL, 1, 0, 0, "loop");
    a.map_value(3, map);
    let at = |place: usize| place as i16;
    a.put(&[
        add_register(3, 9),
        load32(1, 8, n.skc_daddr),
        store32(3, at(record::DADDR), 1),
        load32(1, 8, n.skc_rcv_saddr),
        store32(3, at(record::RCV_SADDR), 1),
        load16(1, 8, n.skc_dport),
        store16(3, at(record::DPORT), 1),
        load16(1, 8, n.skc_num),
        store16(3, at(record::NUM), 1),
        load16(4, 8, n.skc_family),
        store16(3, at(record::FAMILY), 4),
        load8(2, 8, n.skc_state),
        store8(3, at(record::STATE), 2),
        load32(1, 8, n.skc_bound_dev_if),
        store32(3, at(record::BOUND_DEV_IF), 1),
    ]);
    const AF_INET: i32 = 2;
    a.jump(JUMP_EQUAL, 4, 0, AF_INET, "addressed");
    for (offset, place) in [
        (n.skc_v6_daddr, record::V6_DADDR),
        (n.skc_v6_rcv_saddr, record::V6_RCV_SADDR),
    ] {
        a.put(&[
            load64(1, 8, offset),
            store64(3, at(place), 1),
            load64(1, 8, offset + 8),
            store64(3, at(place + 8), 1),
        ]);
    }
    a.label("addressed");
    const TIME_WAIT: i32 = 6;
    const NEW_SYN_RECV: i32 = 12;
    a.jump(JUMP_EQUAL, 2, 0, NEW_SYN_RECV, "keep");
    a.jump(JUMP_EQUAL, 2, 0, TIME_WAIT, "time wait");
    a.put(&[
        load32(1, 8, n.sk_uid),
        store32(3, at(record::UID), 1),
        load64(1, 8, n.sk_ino),
        store64(3, at(record::INODE), 1),
        load32(1, 8, n.rcv_nxt),
        store32(3, at(record::RCV_NXT), 1),
        load32(1, 8, n.copied_seq),
        store32(3, at(record::COPIED_SEQ), 1),
        load32(1, 8, n.write_seq),
        store32(3, at(record::WRITE_SEQ), 1),
        load32(1, 8, n.snd_una),
        store32(3, at(record::SND_UNA), 1),
    ]);
    a.always("keep");
    a.label("time wait");
    cast(&mut a, 7, n.nulls_node, n.time_wait_type);
    a.put(&[load8(1, 0, n.tw_substate)]);
    a.map_value(3, map);
    a.put(&[add_register(3, 9), store8(3, at(record::SUBSTATE), 1)]);
    a.label("keep");
    a.put(&[add(9, size), store64(6, word(POSITION), 9)]);
    a.always("loop");

    a.label("chain end");
    // The first bucket, and one to be walked again, have no chain behind them: node 1 with
    // nothing taken yet is told by the scratch word.
    a.put(&[load64(8, 6, word(BUCKET)), load64(1, 6, word(SCRATCH))]);
    a.jump(JUMP_EQUAL, 1, 0, 0, "next bucket");
    a.put(&[shift_right(7, 1), add(7, 1)]);
    a.jump(JUMP_EQUAL_REGISTER, 7, 8, 0, "next bucket");
    a.put(&[
        load64(1, 6, word(MARK)),
        store64(6, word(POSITION), 1),
        add(8, -1),
        store64(6, word(BUCKET), 8),
    ]);
    a.label("next bucket");
    a.put(&[
        set(1, 1),
        store64(6, word(NODE), 1),
        set(1, 0),
        store64(6, word(SCRATCH), 1),
    ]);
    a.put(&[load64(8, 6, word(BUCKET)), load64(1, 6, word(END))]);
    a.jump(JUMP_AT_LEAST_REGISTER, 8, 1, 0, "out");
    a.put(&[
        load64(1, 6, word(TABLE)),
        copy(2, 8),
        shift_left(2, 3),
        add_register(1, 2),
    ]);
    cast(&mut a, 1, 0, n.bucket_type);
    a.put(&[
        load64(1, 0, n.chain),
        store64(6, word(NODE), 1),
        set(1, 1),
        store64(6, word(SCRATCH), 1),
        add(8, 1),
        store64(6, word(BUCKET), 8),
        load64(1, 6, word(POSITION)),
        store64(6, word(MARK), 1),
    ]);
    a.always("loop");

    a.label("out");
    a.kernel_function(n.rcu_unlock);
    a.put(&[copy(1, 10), add(1, -8)]);
    a.kernel_function(n.num_destroy);
    // A node cannot be kept over the end of the read lock.
    a.put(&[load64(1, 6, word(SCRATCH))]);
    a.jump(JUMP_EQUAL, 1, 0, 0, "exit");
    a.put(&[
        load64(1, 6, word(MARK)),
        store64(6, word(POSITION), 1),
        load64(1, 6, word(BUCKET)),
        add(1, -1),
        store64(6, word(BUCKET), 1),
        set(1, 1),
        store64(6, word(NODE), 1),
        set(1, 0),
        store64(6, word(SCRATCH), 1),
    ]);
    a.label("exit");
    a.put(&[set(0, 0), EXIT]);
    a.finish()
}

/// Numbers that [`bound_walk`] needs beside those of [`tcp_walk`].
#[derive(Clone, Copy, Debug)]
pub(super) struct BoundNumbers {
    /// `inet_hashinfo.bhash2`
    pub(super) bhash2: i16,
    /// `inet_hashinfo.bhash_size`
    pub(super) bhash_size: i16,
    /// `inet_bind_hashbucket.chain.first`
    pub(super) chain: i16,
    /// `inet_bind2_bucket.node`
    pub(super) node: i16,
    /// `inet_bind2_bucket.owners.first`
    pub(super) owners: i16,
    /// `sock_common.skc_bind_node`
    pub(super) bind_node: i16,
    pub(super) bucket_type: u32,
    pub(super) bucket_size: u32,
    pub(super) address_type: u32,
}

/// The context of the walk over bound addresses, 64-bit words.
pub(super) mod bound_context {
    /// The next bucket.
    pub(in crate::bpf) const BUCKET: usize = 0;
    /// The next bound address of the bucket, and the next socket of that address; 0: none.
    pub(in crate::bpf) const ADDRESS: usize = 1;
    pub(in crate::bpf) const SOCKET: usize = 2;
    /// The namespace, its table, how many buckets it has.
    pub(in crate::bpf) const NET: usize = 3;
    pub(in crate::bpf) const TABLE: usize = 4;
    pub(in crate::bpf) const BUCKETS: usize = 5;
    /// What came of it: nothing yet, no such socket, one at least.
    pub(in crate::bpf) const OUTCOME: usize = 6;
    pub(in crate::bpf) const NONE: u64 = 1;
    pub(in crate::bpf) const WORDS: usize = 7;
}

/// A SYSCALL program that looks for a TCP socket of the caller's namespace that is bound, and
/// neither listens nor is connected. It stops at the first one, and after `steps`.
pub(super) fn bound_walk(n: &TcpNumbers, b: &BoundNumbers, steps: i32) -> Option<Vec<u64>> {
    use bound_context::{ADDRESS, BUCKET, BUCKETS, NET, NONE, OUTCOME, SOCKET, TABLE};
    let word = |index: usize| (index * 8) as i16;
    const CLOSE: i32 = 7;

    let mut a = Assembler::default();
    a.put(&[
        copy(6, 1),
        call(HELPER_CURRENT_TASK),
        load64(1, 0, n.nsproxy),
        load64(1, 1, n.net_ns),
        store64(6, word(NET), 1),
        load64(1, 1, n.hashinfo),
        load64(2, 1, b.bhash2),
        store64(6, word(TABLE), 2),
        load32(2, 1, b.bhash_size),
        store64(6, word(BUCKETS), 2),
        load64(1, 6, word(TABLE)),
    ]);
    a.jump(JUMP_EQUAL, 1, 0, 0, "exit");
    a.put(&[copy(1, 10), add(1, -8), set(2, 0), set(3, steps)]);
    a.kernel_function(n.num_new);
    a.kernel_function(n.rcu_lock);

    a.label("loop");
    a.put(&[copy(1, 10), add(1, -8)]);
    a.kernel_function(n.num_next);
    a.jump(JUMP_EQUAL, 0, 0, 0, "out");
    let cast = |a: &mut Assembler, offset: i16, kind: u32| {
        a.put(&[add(1, -i32::from(offset)), set(2, kind.cast_signed())]);
        a.kernel_function(n.cast);
    };
    a.put(&[load64(1, 6, word(SOCKET))]);
    a.jump(JUMP_EQUAL, 1, 0, 0, "address");
    cast(&mut a, b.bind_node, n.socket_type);
    a.put(&[
        load64(1, 0, b.bind_node),
        store64(6, word(SOCKET), 1),
        load64(1, 0, n.skc_net),
        load64(2, 6, word(NET)),
    ]);
    a.jump(JUMP_OTHER_REGISTER, 1, 2, 0, "loop");
    a.put(&[load8(1, 0, n.skc_state)]);
    a.jump(JUMP_OTHER, 1, 0, CLOSE, "loop");
    a.put(&[set(1, NONE as i32 + 1), store64(6, word(OUTCOME), 1)]);
    a.always("out");

    a.label("address");
    a.put(&[load64(1, 6, word(ADDRESS))]);
    a.jump(JUMP_EQUAL, 1, 0, 0, "bucket");
    cast(&mut a, b.node, b.address_type);
    a.put(&[
        load64(1, 0, b.node),
        store64(6, word(ADDRESS), 1),
        load64(1, 0, b.owners),
        store64(6, word(SOCKET), 1),
    ]);
    a.always("loop");

    a.label("bucket");
    a.put(&[
        load64(8, 6, word(BUCKET)),
        load64(1, 6, word(BUCKETS)),
        set(2, NONE as i32),
    ]);
    a.jump(JUMP_AT_LEAST_REGISTER, 8, 1, 0, "end");
    a.put(&[
        load64(1, 6, word(TABLE)),
        copy(2, 8),
        multiply(2, b.bucket_size.cast_signed()),
        add_register(1, 2),
    ]);
    cast(&mut a, 0, b.bucket_type);
    a.put(&[
        load64(1, 0, b.chain),
        store64(6, word(ADDRESS), 1),
        add(8, 1),
        store64(6, word(BUCKET), 8),
    ]);
    a.always("loop");

    a.label("end");
    a.put(&[store64(6, word(OUTCOME), 2)]);
    a.label("out");
    a.kernel_function(n.rcu_unlock);
    a.put(&[copy(1, 10), add(1, -8)]);
    a.kernel_function(n.num_destroy);
    a.label("exit");
    a.put(&[set(0, 0), EXIT]);
    a.finish()
}
