//! glibc's own `getopt_long`, run over a batch of cases in a child process, and what it told.

use std::ffi::{CString, c_char, c_int};
use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::os::fd::{AsRawFd as _, FromRawFd as _};
use std::os::unix::ffi::OsStrExt as _;

use applet::Takes;

use crate::{Case, Table};

/// `struct option` of <getopt.h>.
#[repr(C)]
struct LongOption {
    name: *const c_char,
    has_arg: c_int,
    flag: *mut c_int,
    val: c_int,
}

unsafe extern "C" {
    static mut optarg: *mut c_char;
    static mut optind: c_int;
    fn getopt_long(
        argc: c_int,
        argv: *const *mut c_char,
        optstring: *const c_char,
        longopts: *const LongOption,
        longindex: *mut c_int,
    ) -> c_int;
}

/// What getopt made of each case, in the notation of [`crate::transcript`].
pub(crate) fn transcripts(table: Table, cases: &[Case]) -> Vec<Vec<u8>> {
    // SAFETY: the name is a terminated string; the descriptor made is owned by nobody else.
    let mut file = unsafe {
        let descriptor = libc::memfd_create(c"transcript".as_ptr(), libc::MFD_CLOEXEC);
        assert!(descriptor >= 0, "memfd_create");
        File::from_raw_fd(descriptor)
    };
    // SAFETY: the child only calls into libc, which keeps its own locks usable after a fork, and
    // the allocator, which is libc's; it leaves by _exit and never returns into this frame.
    let pid = unsafe { libc::fork() };
    assert!(pid >= 0, "fork");
    if pid == 0 {
        // SAFETY: plain descriptors, as above.
        unsafe {
            libc::dup2(file.as_raw_fd(), libc::STDERR_FILENO);
            for case in cases {
                read_one(table, case);
                tell(b"\0");
            }
            libc::_exit(0);
        }
    }
    let mut status = 0;
    // SAFETY: waits for the child made above; the status outlives the call.
    let waited = unsafe { libc::waitpid(pid, &raw mut status, 0) };
    assert_eq!((waited, status), (pid, 0), "the child that runs getopt");
    let mut text = Vec::new();
    file.rewind()
        .and_then(|()| file.read_to_end(&mut text))
        .expect("the transcript is readable");
    let mut told: Vec<Vec<u8>> = text.split(|&byte| byte == 0).map(<[u8]>::to_vec).collect();
    // Each case ends in a NUL, so nothing stands after the last.
    told.pop();
    told
}

/// # Safety
///
/// Only in the single-threaded child: it uses getopt's static variables and the environment.
unsafe fn read_one(table: Table, case: &Case) {
    let mut letters = Vec::new();
    let mut names = Vec::new();
    let mut rows_of_names = Vec::new();
    for (row, flag) in table.iter().enumerate() {
        let colons: &[u8] = match flag.takes {
            Takes::Nothing => b"",
            Takes::Required(_) => b":",
            Takes::Optional(_) => b"::",
        };
        for letter in flag.shorts {
            letters.push(*letter);
            letters.extend_from_slice(colons);
        }
        for name in flag.longs {
            names.push((
                CString::new(*name).expect("no NUL"),
                colons.len(),
                flag.group,
            ));
            rows_of_names.push(row);
        }
    }
    let letters = CString::new(letters).expect("no NUL");
    let mut long_options: Vec<LongOption> = names
        .iter()
        .zip(&rows_of_names)
        .map(|((name, has_arg, group), row)| LongOption {
            name: name.as_ptr(),
            has_arg: c_int::try_from(*has_arg).expect("0 to 2"),
            flag: std::ptr::null_mut(),
            val: match group {
                0 => 1000 + c_int::try_from(*row).expect("few rows"),
                group => 2000 + c_int::from(*group),
            },
        })
        .collect();
    long_options.push(LongOption {
        name: std::ptr::null(),
        has_arg: 0,
        flag: std::ptr::null_mut(),
        val: 0,
    });
    let words: Vec<CString> = std::iter::once(&case.argv0)
        .chain(&case.args)
        .map(|word| CString::new(word.as_bytes()).expect("no NUL"))
        .collect();
    let mut argv: Vec<*mut c_char> = words.iter().map(|word| word.as_ptr().cast_mut()).collect();
    argv.push(std::ptr::null_mut());
    let argc = c_int::try_from(words.len()).expect("few words");

    // SAFETY: every pointer handed over points into vectors that live to the end of this
    // function, terminated as getopt_long demands; an optind of 0 makes it start afresh.
    unsafe {
        if case.posixly_correct {
            libc::setenv(c"POSIXLY_CORRECT".as_ptr(), c"".as_ptr(), 1);
        } else {
            libc::unsetenv(c"POSIXLY_CORRECT".as_ptr());
        }
        optind = 0;
        loop {
            let mut index: c_int = -1;
            let found = getopt_long(
                argc,
                argv.as_ptr(),
                letters.as_ptr(),
                long_options.as_ptr(),
                &raw mut index,
            );
            if found == -1 {
                break;
            }
            if found == c_int::from(b'?') {
                tell(b"?\n");
                continue;
            }
            let row = match usize::try_from(index) {
                Ok(index) => rows_of_names[index],
                Err(_) => table
                    .iter()
                    .position(|flag| flag.shorts.iter().any(|short| c_int::from(*short) == found))
                    .expect("a letter of the table"),
            };
            tell(format!("row {row}").as_bytes());
            if !optarg.is_null() {
                tell(b"=");
                tell(std::ffi::CStr::from_ptr(optarg).to_bytes());
            }
            tell(b"\n");
        }
        for word in &argv[usize::try_from(optind).expect("an index")..words.len()] {
            tell(b"operand ");
            tell(std::ffi::CStr::from_ptr(*word).to_bytes());
            tell(b"\n");
        }
    }
}

/// Writes to the descriptor that getopt's own messages go to, so that the order is kept.
fn tell(bytes: &[u8]) {
    // SAFETY: the pointer and length are those of a slice.
    let written = unsafe { libc::write(libc::STDERR_FILENO, bytes.as_ptr().cast(), bytes.len()) };
    assert_eq!(
        usize::try_from(written),
        Ok(bytes.len()),
        "write to a memory file"
    );
}
