//! Whether any TCP socket is bound that neither listens nor is connected.
//!
//! A dump of such sockets passes every connection of the machine, and mostly finds none.

use std::os::fd::AsFd as _;

use super::program::{BoundNumbers, LICENCE, TcpNumbers, bound_context as context, bound_walk};
use super::tcp_walk::PROGRAM;
use crate::sys::bpf::{load_program, run_program};

/// Steps (a bucket, a bound address or a socket each) of the one run.
const STEPS: i32 = 1 << 20;

/// What [`numbers`] are made of: types and members beside those of the walk over
/// connections.
pub(super) const STRUCTURES: &[&str] = &["inet_bind_hashbucket", "inet_bind2_bucket"];
pub(super) const MEMBERS: &[(&str, &str)] = &[
    ("inet_hashinfo", "bhash2"),
    ("inet_hashinfo", "bhash_size"),
    ("inet_bind_hashbucket", "chain.first"),
    ("inet_bind2_bucket", "node"),
    ("inet_bind2_bucket", "owners.first"),
    ("sock_common", "skc_bind_node"),
];

/// What was found of [`STRUCTURES`] and [`MEMBERS`].
pub(super) fn numbers(structures: &[u32], sizes: &[u32], members: &[i16]) -> Option<BoundNumbers> {
    let (&[bucket_type, address_type], &[bucket_size, _]) = (structures, sizes) else {
        return None;
    };
    let &[bhash2, bhash_size, chain, node, owners, bind_node] = members else {
        return None;
    };
    Some(BoundNumbers {
        bhash2,
        bhash_size,
        chain,
        node,
        owners,
        bind_node,
        bucket_type,
        bucket_size,
        address_type,
    })
}

/// Walks all bound addresses. False as well when that could not be done to the end.
pub(super) fn finds_none(tcp: &TcpNumbers, bound: &BoundNumbers) -> bool {
    let mut words = [0; context::WORDS];
    let done = bound_walk(tcp, bound, STEPS).is_some_and(|code| {
        load_program(PROGRAM, &code, LICENCE)
            .and_then(|program| run_program(program.as_fd(), &mut words))
            .is_ok()
    });
    done && words[context::OUTCOME] == context::NONE
}

#[cfg(test)]
mod tests {
    use rustix::net::{AddressFamily, SocketType, bind, listen, socket};
    use std::net::SocketAddr;

    use crate::bpf::sees_everything;
    use crate::bpf::tcp_walk::TcpWalk;
    use crate::sys::netns::unshare_network;

    /// In a namespace that is empty: whether none is found before, and after `act`.
    fn found(act: impl Fn() + Send + 'static) -> Option<(bool, bool)> {
        let looked = std::thread::spawn(move || {
            unshare_network().ok()?;
            let walk = TcpWalk::open()?;
            let before = walk.finds_none_bound();
            act();
            Some((before, walk.finds_none_bound()))
        });
        looked.join().expect("a thread that does not panic")
    }

    #[test]
    #[allow(clippy::print_stdout, reason = "a test says what it skipped")]
    fn a_socket_counts_from_when_it_is_bound_until_it_listens() {
        if !sees_everything() {
            println!("skipped: needs root in the initial pid namespace");
            return;
        }
        for address in ["0.0.0.0:7", "[::]:7"] {
            let address: SocketAddr = address.parse().expect("an address");
            let family = match address {
                SocketAddr::V4(_) => AddressFamily::INET,
                SocketAddr::V6(_) => AddressFamily::INET6,
            };
            let bound = move || {
                let socket = socket(family, SocketType::STREAM, None).expect("a socket");
                bind(&socket, &address).expect("a free port");
                socket
            };
            let Some(found_bound) = found(move || std::mem::forget(bound())) else {
                println!("skipped: the kernel cannot run such a program");
                return;
            };
            assert_eq!(found_bound, (true, false), "{address}, bound");
            let listening = move || {
                let socket = bound();
                listen(&socket, 1).expect("a listener");
                std::mem::forget(socket);
            };
            assert_eq!(found(listening), Some((true, true)), "{address}, listening");
        }
    }
}
