//! Descriptors that are no files, and files that are nothing but descriptors.

use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd as _, OwnedFd};

use super::open;
use crate::scene::actor::Actor;
use crate::scene::sys;

pub(super) fn run(actor: &mut Actor) -> io::Result<()> {
    events(actor)?;
    polls(actor)?;
    for (name, clock) in [
        ("CLOCK_MONOTONIC", libc::CLOCK_MONOTONIC),
        ("CLOCK_BOOTTIME", 7),
    ] {
        actor.attempt(name, |actor| hold(actor, sys::timer(clock)));
    }
    actor.attempt("signalfd", |actor| hold(actor, sys::signals()));
    actor.attempt("inotify", |actor| {
        hold(actor, sys::watches(&[]))?;
        hold(actor, sys::watches(&[c"/etc/passwd", c"/", c"/srv"]))
    });
    actor.attempt("fanotify", |actor| hold(actor, sys::access_watch()));
    pidfds(actor)?;
    memory(actor);
    for (name, make) in [
        (
            "userfaultfd",
            sys::fault_handler as fn() -> io::Result<OwnedFd>,
        ),
        ("io_uring", sys::ring),
        ("perf_event", sys::counter),
        ("landlock", sys::rule_set),
        ("bpf map", bpf_map),
        ("bpf program", bpf_program),
        ("bpf type information", bpf_types),
        ("fscontext", || sys::file_system(c"tmpfs")),
    ] {
        actor.attempt(name, |actor| hold(actor, make()));
    }
    actor.attempt("bpf link", bpf_link);
    actor.attempt("seccomp listener", |actor| {
        // In a child, which the filter stays with.
        let pid = actor.split(b"filtered", |actor| hold(actor, sys::seccomp_listener()))?;
        actor.tell("FILTERED_PID", pid.to_string());
        Ok(())
    });
    actor.attempt("kvm", virtual_machine);
    for name in ["mnt", "net", "uts", "ipc", "pid", "user", "cgroup", "time"] {
        actor.attempt(&format!("namespace {name}"), |actor| {
            hold(
                actor,
                File::open(format!("/proc/self/ns/{name}")).map(OwnedFd::from),
            )
        });
    }
    let pid = actor.split(b"event kid", |_| Ok(()))?;
    actor.tell("ANONYMOUS_KID_PID", pid.to_string());
    Ok(())
}

fn hold(actor: &mut Actor, made: io::Result<OwnedFd>) -> io::Result<()> {
    actor.hold(made?);
    Ok(())
}

fn events(actor: &mut Actor) -> io::Result<()> {
    for (initial, flags) in [
        (0, libc::EFD_CLOEXEC),
        (7, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK),
        (1, libc::EFD_SEMAPHORE),
    ] {
        hold(actor, sys::event(initial, flags))?;
    }
    Ok(())
}

/// Sets of no, one, three, thirty-two and thirty-three members, and one with doubles.
fn polls(actor: &mut Actor) -> io::Result<()> {
    let mut members = Vec::new();
    for number in 0..33 {
        members.push(100 + number * 3);
        actor.hold_as(sys::event(0, libc::EFD_CLOEXEC)?, 100 + number * 3)?;
    }
    for count in [0, 1, 3, 31, 32, 33] {
        let set = sys::poll_set()?;
        for &member in members.iter().take(count) {
            sys::poll_add(&set, member)?;
        }
        actor.hold(set);
    }
    // One number twice: the first thing behind it is open elsewhere.
    let set = sys::poll_set()?;
    let first = sys::event(0, libc::EFD_CLOEXEC)?;
    let kept = first.try_clone()?;
    let first = sys::move_to(first, 90, libc::O_CLOEXEC)?;
    sys::poll_add(&set, first.as_raw_fd())?;
    drop(first);
    let second = sys::move_to(sys::event(0, libc::EFD_CLOEXEC)?, 90, libc::O_CLOEXEC)?;
    sys::poll_add(&set, second.as_raw_fd())?;
    actor.hold(set);
    actor.hold(second);
    actor.hold(kept);
    Ok(())
}

/// Of a live process, a zombie, one that is gone, oneself.
fn pidfds(actor: &mut Actor) -> io::Result<()> {
    let own = i32::try_from(std::process::id()).map_err(io::Error::other)?;
    hold(actor, sys::process_handle(own))?;
    hold(actor, sys::process_handle(1))?;
    let zombie = actor.split_zombie(b"dead")?;
    hold(actor, sys::process_handle(zombie))?;
    actor.tell("DEAD_PID", zombie.to_string());
    let gone = actor.split_zombie(b"gone")?;
    hold(actor, sys::process_handle(gone))?;
    sys::wait(gone)?;
    Ok(())
}

fn memory(actor: &mut Actor) {
    for (name, flags) in [
        (c"my mem", libc::MFD_CLOEXEC),
        (c"", libc::MFD_CLOEXEC),
        (c"sealed", libc::MFD_CLOEXEC | libc::MFD_ALLOW_SEALING),
        (c"esc\x1b\n\xff", libc::MFD_CLOEXEC),
        (c"huge", libc::MFD_CLOEXEC | libc::MFD_HUGETLB),
        (c"no exec", libc::MFD_CLOEXEC | libc::MFD_NOEXEC_SEAL),
    ] {
        actor.attempt(&format!("memfd {name:?}"), |actor| {
            let file = sys::memory_file(name, flags)?;
            if flags & libc::MFD_HUGETLB == 0 {
                rustix::io::write(&file, b"some bytes")?;
            }
            actor.hold(file);
            Ok(())
        });
    }
    actor.attempt("memfd_secret", |actor| hold(actor, sys::secret_memory()));
}

fn low(word: u32, high: u32) -> u64 {
    u64::from(word) | u64::from(high) << 32
}

/// An array of one int.
pub(super) fn bpf_map() -> io::Result<OwnedFd> {
    // union bpf_attr for BPF_MAP_CREATE: type 2, key 4; value 4, one entry. The array may be
    // mapped: flag 1 << 10.
    sys::bpf(
        0,
        &mut [low(2, 4), low(4, 1), low(1 << 10, 0), 0, 0, 0, 0, 0],
    )
}

/// A socket filter that lets nothing through: r0 = 0; exit.
fn bpf_program() -> io::Result<OwnedFd> {
    const SOCKET_FILTER: u32 = 1;
    load_program(SOCKET_FILTER)
}

fn load_program(kind: u32) -> io::Result<OwnedFd> {
    let instructions: [u64; 2] = [0xb7, 0x95];
    let license = c"GPL";
    // union bpf_attr for BPF_PROG_LOAD: type, number of instructions; their address; the licence.
    let mut attributes = [
        low(kind, 2),
        instructions.as_ptr().addr() as u64,
        license.as_ptr().addr() as u64,
        0,
        0,
        0,
        0,
        0,
    ];
    sys::bpf(5, &mut attributes)
}

/// Type information that knows one int.
pub(in super::super) fn bpf_types() -> io::Result<OwnedFd> {
    // struct btf_header: magic, version, flags, header length; offsets and lengths of the types
    // (one: int, 4 bytes, signed, 32 bits) and the strings.
    let mut data = [&0xeb9f_u16.to_ne_bytes()[..], &[1, 0]].concat();
    for number in [24_u32, 0, 16, 16, 5] {
        data.extend(number.to_ne_bytes());
    }
    for number in [1_u32, 1 << 24, 4, 1 << 24 | 32] {
        data.extend(number.to_ne_bytes());
    }
    data.extend_from_slice(b"\0int\0");
    let size = u32::try_from(data.len()).map_err(io::Error::other)?;
    // union bpf_attr for BPF_BTF_LOAD: address, log address, length.
    sys::bpf(18, &mut [data.as_ptr().addr() as u64, 0, low(size, 0), 0])
}

/// A program tied to this network namespace: a flow dissector changes nothing that is not asked to
/// dissect, and ends with its link.
fn bpf_link(actor: &mut Actor) -> io::Result<()> {
    const SK_LOOKUP: u32 = 30;
    const ATTACH_SK_LOOKUP: u32 = 36;
    let instructions: [u64; 2] = [0x1_0000_00b7, 0x95];
    let license = c"GPL";
    let mut attributes = [0; 10];
    attributes[0] = low(SK_LOOKUP, 2);
    attributes[1] = instructions.as_ptr().addr() as u64;
    attributes[2] = license.as_ptr().addr() as u64;
    // The expected way of attaching stands at byte 68.
    attributes[8] = low(0, ATTACH_SK_LOOKUP);
    let program = sys::bpf(5, &mut attributes)?;
    let namespace = File::open("/proc/self/ns/net")?;
    let number = |descriptor: i32| descriptor.cast_unsigned();
    let link = sys::bpf(
        28,
        &mut [
            low(number(program.as_raw_fd()), number(namespace.as_raw_fd())),
            low(ATTACH_SK_LOOKUP, 0),
        ],
    )?;
    actor.hold(program);
    actor.hold(link);
    Ok(())
}

fn virtual_machine(actor: &mut Actor) -> io::Result<()> {
    const KVM_CREATE_VM: libc::c_ulong = 0xae01;
    const KVM_CREATE_VCPU: libc::c_ulong = 0xae41;
    let device = open("/dev/kvm", libc::O_RDWR)?;
    let machine = sys::made_by_request(&device, KVM_CREATE_VM, 0)?;
    let processor = sys::made_by_request(&machine, KVM_CREATE_VCPU, 0)?;
    sys::map(&processor, 4096, libc::PROT_READ, libc::MAP_SHARED, 0)?;
    actor.hold(device);
    actor.hold(processor);
    actor.attempt("memory of a guest", |actor| {
        const KVM_CREATE_GUEST_MEMFD: libc::c_ulong = 0xc040_aed4;
        // struct kvm_create_guest_memfd: size, flags, six that are reserved.
        let request = [4096_u64, 0, 0, 0, 0, 0, 0, 0];
        let place = request.as_ptr().addr() as libc::c_ulong;
        let memory = sys::made_by_request(&machine, KVM_CREATE_GUEST_MEMFD, place)?;
        actor.hold(memory);
        Ok(())
    });
    actor.hold(machine);
    Ok(())
}
