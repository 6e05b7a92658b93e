//! Sockets that carry values of bpf maps.

use std::io;
use std::os::fd::{AsRawFd as _, OwnedFd};

use super::super::files::bpf_types;
use crate::scene::actor::Actor;
use crate::scene::net::Sock;
use crate::scene::sys;

pub(super) fn run(actor: &mut Actor) -> io::Result<()> {
    let types = bpf_types()?;
    let first = map(&types)?;
    let second = map(&types)?;
    let listener = Sock::tcp_listener("127.0.0.1:5100", 5)?;
    let client = Sock::tcp_connection("127.0.0.1:45100", "127.0.0.1:5100")?;
    let accepted = listener.accept()?;
    put(&first, &listener, 7)?;
    put(&first, &client, -1)?;
    put(&second, &client, 1_000_000)?;
    for (name, map) in [("FIRST", &first), ("SECOND", &second)] {
        actor.tell(&format!("BPF_{name}_MAP"), number(map)?.to_string());
    }
    for socket in [listener, client, accepted] {
        actor.hold(socket);
    }
    for descriptor in [types, first, second] {
        actor.hold(descriptor);
    }
    Ok(())
}

fn words(low: u32, high: u32) -> u64 {
    u64::from(low) | u64::from(high) << 32
}

/// A map of the kind that lives in sockets, from one int to one int.
fn map(types: &OwnedFd) -> io::Result<OwnedFd> {
    const SK_STORAGE: u32 = 24;
    const NO_PREALLOCATION: u32 = 1;
    // union bpf_attr for BPF_MAP_CREATE: type, key size; value size, entries; flags; at byte 48
    // the type information, the key's type and the value's.
    let types = types.as_raw_fd().cast_unsigned();
    let mut attributes = [0; 9];
    attributes[0] = words(SK_STORAGE, 4);
    attributes[1] = words(4, 0);
    attributes[2] = words(NO_PREALLOCATION, 0);
    attributes[6] = words(types, 1);
    attributes[7] = words(1, 0);
    sys::bpf(0, &mut attributes)
}

fn put(map: &OwnedFd, socket: &Sock, value: i32) -> io::Result<()> {
    let key = socket.as_raw_fd();
    let map = map.as_raw_fd().cast_unsigned();
    let address = |number: &i32| std::ptr::from_ref(number).addr() as u64;
    // union bpf_attr for BPF_MAP_UPDATE_ELEM.
    sys::bpf_change(2, &mut [words(map, 0), address(&key), address(&value), 0])
}

/// The number under which the kernel knows a map.
fn number(map: &OwnedFd) -> io::Result<u32> {
    // struct bpf_map_info begins with type and number.
    let info = sys::bpf_info(map)?;
    info.get(1)
        .copied()
        .ok_or_else(|| io::ErrorKind::NotFound.into())
}
