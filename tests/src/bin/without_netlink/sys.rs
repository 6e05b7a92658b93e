//! The filter of system calls, which no safe interface offers.

use std::io;

const LOAD: u16 = (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16;
const EQUAL: u16 = (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16;
const RETURN: u16 = (libc::BPF_RET | libc::BPF_K) as u16;
/// Where the number of the call and the low half of its first argument are in `seccomp_data`.
const NUMBER: u32 = 0;
const FIRST: u32 = if cfg!(target_endian = "little") {
    16
} else {
    20
};

/// From now on these calls, with this first argument if one is given, fail in this thread and in
/// whatever it becomes.
pub(crate) fn refuse(calls: &[(libc::c_long, Option<i32>)], errno: i32) -> io::Result<()> {
    let step = |code, k, jf| libc::sock_filter { code, jt: 0, jf, k };
    let number = |value: libc::c_long| u32::try_from(value).map_err(io::Error::other);
    let refusal = libc::SECCOMP_RET_ERRNO | errno.cast_unsigned();
    let mut program = Vec::new();
    for &(call, first) in calls {
        program.push(step(LOAD, NUMBER, 0));
        program.push(step(
            EQUAL,
            number(call)?,
            if first.is_some() { 3 } else { 1 },
        ));
        if let Some(first) = first {
            program.push(step(LOAD, FIRST, 0));
            program.push(step(EQUAL, first.cast_unsigned(), 1));
        }
        program.push(step(RETURN, refusal, 0));
    }
    program.push(step(RETURN, libc::SECCOMP_RET_ALLOW, 0));
    let program = libc::sock_fprog {
        len: u16::try_from(program.len()).map_err(io::Error::other)?,
        filter: program.as_mut_ptr(),
    };
    // SAFETY: prctl takes numbers here; `program` points to as many instructions as it says, alive
    // during the call, which copies them.
    let outcome = unsafe {
        if libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 {
            return Err(io::Error::last_os_error());
        }
        libc::prctl(
            libc::PR_SET_SECCOMP,
            libc::SECCOMP_MODE_FILTER,
            &raw const program,
        )
    };
    if outcome < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}
