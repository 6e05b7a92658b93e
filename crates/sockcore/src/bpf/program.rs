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
const fn call(helper: i32) -> u64 {
    instruction(0x85, 0, 0, 0, helper)
}
const EXIT: u64 = instruction(0x95, 0, 0, 0, 0);

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
    const SOCKFS_MAGIC: i32 = 0x534f_434b;
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
