//! The `bpf` system call, one typed function per command.

use std::ffi::CStr;
use std::os::fd::{AsRawFd as _, BorrowedFd, FromRawFd as _, OwnedFd};

use crate::error::Errno;

const BPF_MAP_CREATE: libc::c_int = 0;
const BPF_PROG_LOAD: libc::c_int = 5;
const BPF_PROG_TEST_RUN: libc::c_int = 10;
const BPF_LINK_CREATE: libc::c_int = 28;
const BPF_ITER_CREATE: libc::c_int = 33;

/// `union bpf_attr`, as far as the commands here use it, in native 64-bit words.
type Attribute = [u64; 18];

/// Calls bpf(2). The kernel reads `attribute` and the memory that addresses in it point to.
///
/// # Safety
/// Every address in `attribute` is valid for what `command` does with it.
unsafe fn call(command: libc::c_int, attribute: &mut Attribute) -> Result<i32, Errno> {
    // SAFETY: the attribute is valid for its size; what it points to by the contract above.
    let result = unsafe {
        libc::syscall(
            libc::SYS_bpf,
            command,
            attribute.as_mut_ptr(),
            size_of_val(attribute),
        )
    };
    match i32::try_from(result) {
        Ok(value) if value >= 0 => Ok(value),
        _ => Err(Errno(
            std::io::Error::last_os_error()
                .raw_os_error()
                .unwrap_or(libc::EIO),
        )),
    }
}

/// Takes ownership of a descriptor that the kernel just returned.
fn owned(descriptor: i32) -> OwnedFd {
    // SAFETY: bpf(2) returned it to this call alone; it is open and owned by nobody else.
    unsafe { OwnedFd::from_raw_fd(descriptor) }
}

fn pair(low: u32, high: u32) -> u64 {
    let [a, b, c, d] = low.to_ne_bytes();
    let [e, f, g, h] = high.to_ne_bytes();
    u64::from_ne_bytes([a, b, c, d, e, f, g, h])
}

fn descriptor(fd: BorrowedFd<'_>) -> u32 {
    fd.as_raw_fd().cast_unsigned()
}

/// What kind of program to load (`prog_type`, `expected_attach_type`, `attach_btf_id`).
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ProgramKind {
    pub(crate) program: u32,
    pub(crate) flags: u32,
    pub(crate) attach: u32,
    pub(crate) btf_id: u32,
}

/// Loads a program (`BPF_PROG_LOAD`), without a verifier log.
pub(crate) fn load_program(
    kind: ProgramKind,
    instructions: &[u64],
    licence: &CStr,
) -> Result<OwnedFd, Errno> {
    let mut attribute: Attribute = [0; 18];
    attribute[0] = pair(
        kind.program,
        u32::try_from(instructions.len()).unwrap_or(u32::MAX),
    );
    attribute[1] = instructions.as_ptr() as u64;
    attribute[2] = licence.as_ptr() as u64;
    // Byte 44 prog_flags, byte 68 expected_attach_type, byte 108 attach_btf_id.
    attribute[5] = pair(0, kind.flags);
    attribute[8] = pair(0, kind.attach);
    attribute[13] = pair(0, kind.btf_id);
    // SAFETY: instructions and licence live during the call; their lengths are stated or end in
    // a NUL.
    unsafe { call(BPF_PROG_LOAD, &mut attribute) }.map(owned)
}

/// Links an iterator program to its target (`BPF_LINK_CREATE`).
pub(crate) fn link_iterator(program: BorrowedFd<'_>, attach: u32) -> Result<OwnedFd, Errno> {
    let mut attribute: Attribute = [0; 18];
    attribute[0] = pair(descriptor(program), 0);
    attribute[1] = pair(attach, 0);
    // SAFETY: no address is in the attribute.
    unsafe { call(BPF_LINK_CREATE, &mut attribute) }.map(owned)
}

/// Opens one run of a linked iterator (`BPF_ITER_CREATE`): a file to read.
pub(crate) fn open_iterator(link: BorrowedFd<'_>) -> Result<OwnedFd, Errno> {
    let mut attribute: Attribute = [0; 18];
    attribute[0] = pair(descriptor(link), 0);
    // SAFETY: no address is in the attribute.
    unsafe { call(BPF_ITER_CREATE, &mut attribute) }.map(owned)
}

/// Creates an array of one value that user space can map (`BPF_MAP_CREATE`).
pub(crate) fn create_mappable_value(size: u32) -> Result<OwnedFd, Errno> {
    const BPF_MAP_TYPE_ARRAY: u32 = 2;
    const BPF_F_MMAPABLE: u32 = 1 << 10;
    let mut attribute: Attribute = [0; 18];
    attribute[0] = pair(BPF_MAP_TYPE_ARRAY, 4);
    attribute[1] = pair(size, 1);
    attribute[2] = pair(BPF_F_MMAPABLE, 0);
    // SAFETY: no address is in the attribute.
    unsafe { call(BPF_MAP_CREATE, &mut attribute) }.map(owned)
}

/// Runs a SYSCALL program once over `context`, which it may change (`BPF_PROG_TEST_RUN`).
pub(crate) fn run_program(program: BorrowedFd<'_>, context: &mut [u64]) -> Result<(), Errno> {
    let mut attribute: Attribute = [0; 18];
    attribute[0] = pair(descriptor(program), 0);
    attribute[5] = pair(u32::try_from(size_of_val(context)).unwrap_or(0), 0);
    attribute[6] = context.as_mut_ptr() as u64;
    // SAFETY: the context is readable and writable for the stated length during the call.
    unsafe { call(BPF_PROG_TEST_RUN, &mut attribute) }.map(|_| ())
}
