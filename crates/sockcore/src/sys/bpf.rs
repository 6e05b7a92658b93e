//! The `bpf` system call, one typed function per command.

use std::ffi::CStr;
use std::os::fd::{AsFd as _, AsRawFd as _, BorrowedFd, FromRawFd as _, OwnedFd};

use crate::error::Errno;

const BPF_MAP_CREATE: libc::c_int = 0;
const BPF_PROG_LOAD: libc::c_int = 5;
const BPF_PROG_TEST_RUN: libc::c_int = 10;
const BPF_MAP_GET_FD_BY_ID: libc::c_int = 14;
const BPF_OBJ_GET_INFO_BY_FD: libc::c_int = 15;
const BPF_BTF_GET_FD_BY_ID: libc::c_int = 19;
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

/// Opens the map of a number (`BPF_MAP_GET_FD_BY_ID`).
pub(crate) fn map_by_id(id: u32) -> Result<OwnedFd, Errno> {
    by_id(BPF_MAP_GET_FD_BY_ID, id)
}

fn by_id(command: libc::c_int, id: u32) -> Result<OwnedFd, Errno> {
    let mut attribute: Attribute = [0; 18];
    attribute[0] = pair(id, 0);
    // SAFETY: no address is in the attribute.
    unsafe { call(command, &mut attribute) }.map(owned)
}

/// `BPF_OBJ_GET_INFO_BY_FD`, into `info`.
///
/// # Safety
/// Every address in `info` is valid for what the kernel writes there.
unsafe fn info(object: BorrowedFd<'_>, info: &mut [u64]) -> Result<(), Errno> {
    let mut attribute: Attribute = [0; 18];
    let length = u32::try_from(size_of_val(info)).unwrap_or(0);
    attribute[0] = pair(descriptor(object), length);
    attribute[1] = info.as_mut_ptr() as u64;
    // SAFETY: the buffer is writable for the stated length; what it points to by the contract.
    unsafe { call(BPF_OBJ_GET_INFO_BY_FD, &mut attribute) }.map(|_| ())
}

/// `struct bpf_map_info`, zero where the kernel's is shorter.
pub(crate) fn map_info(map: BorrowedFd<'_>) -> Result<Vec<u8>, Errno> {
    let mut words = [0u64; 12];
    // SAFETY: the buffer holds no address.
    unsafe { info(map, &mut words) }?;
    Ok(words.iter().flat_map(|word| word.to_ne_bytes()).collect())
}

/// The type information of a number (`BPF_BTF_GET_FD_BY_ID`), whole.
pub(crate) fn type_information(id: u32) -> Result<Vec<u8>, Errno> {
    let object = by_id(BPF_BTF_GET_FD_BY_ID, id)?;
    // `struct bpf_btf_info`: address and length of the buffer, then what is not asked for.
    let mut words = [0u64; 4];
    // SAFETY: the buffer's address is null and its length 0: only the length is told.
    unsafe { info(object.as_fd(), &mut words) }?;
    let length = |words: &[u64; 4]| {
        let [low0, low1, low2, low3, ..] = words[1].to_ne_bytes();
        u32::from_ne_bytes([low0, low1, low2, low3])
    };
    let whole = length(&words);
    let mut bytes = vec![0u8; usize::try_from(whole).unwrap_or(0)];
    let mut words = [bytes.as_mut_ptr() as u64, pair(whole, 0), 0, 0];
    // SAFETY: the buffer is writable for the stated length.
    unsafe { info(object.as_fd(), &mut words) }?;
    bytes.truncate(usize::try_from(length(&words)).unwrap_or(0));
    Ok(bytes)
}
