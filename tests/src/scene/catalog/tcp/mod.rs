//! TCP in every state: a server and its clients, states that the loopback gives, states that take
//! a silent peer, options, several owners, and MPTCP.

mod front;
mod mptcp;
mod settings;
mod shared;
mod states;
mod storage;
mod wire;

use std::io;

use super::{Load, Scene};
use crate::scene::actor::Role;
use crate::scene::net::Sock;
use crate::scene::rtnl::Net;
use crate::scene::stage::Stage;

pub(super) const SCENE: Scene = Scene {
    name: "tcp",
    about: "TCP and MPTCP in every state, with every option that shows",
    build,
    roles: ROLES,
};

const ROLES: &[Role] = &[
    Role {
        key: "wire",
        comm: b"wire",
        argv: &[b"wire"],
        uid: 0,
        run: wire::run,
    },
    Role {
        key: "front",
        comm: b"front desk",
        argv: &[b"/usr/sbin/front desk", b"--serve"],
        uid: 0,
        run: front::run,
    },
    front::CLIENT,
    Role {
        key: "states",
        comm: b"states",
        argv: &[b"states", b"all of them"],
        uid: 0,
        run: states::run,
    },
    Role {
        key: "settings",
        comm: b"settings",
        argv: &[b"./settings"],
        uid: 0,
        run: settings::run,
    },
    Role {
        key: "storage",
        comm: b"storage",
        argv: &[b"storage"],
        uid: 0,
        run: |actor| actor.attempt_all("bpf storage", storage::run),
    },
    Role {
        key: "shared",
        comm: b"master",
        argv: &[b"shared: master process", b"-c", b"/etc/shared.conf"],
        uid: 0,
        run: shared::run,
    },
    shared::REUSE_ONE,
    shared::REUSE_TWO,
    shared::REUSE_THREE,
    Role {
        key: "mptcp",
        comm: b"mptcp",
        argv: &[b"mptcp"],
        uid: 0,
        run: mptcp::run,
    },
];

/// The long address of the loopback interface.
const LONG: &str = "2001:db8:1234:5678:9abc:def0:1234:5678";

fn build(stage: &mut Stage, _: &Load) -> io::Result<()> {
    let mut net = Net::open()?;
    net.add_address("lo", &format!("{LONG}/128"), None, None)?;
    stage.facts.tell("TCP_LONG", LONG);
    // The wire comes first: the front listens on its link-local address.
    for role in ROLES {
        if role.key != "client" && !role.key.starts_with("reuse") {
            stage.start(role)?;
        }
    }
    stage.attempt("TIME_WAIT", |_| past());
    stage.renewals.push(past);
    Ok(())
}

/// Connections that are over, of which only the waiting is left: one of each family.
fn past() -> io::Result<()> {
    for (server, client) in [
        ("127.0.0.1:6999", "127.0.0.1:46999"),
        ("[::1]:6999", "[::1]:46999"),
    ] {
        let listener = Sock::tcp_listener(server, 1)?;
        let near = Sock::tcp_connection(client, server)?;
        let far = listener.accept()?;
        near.finish()?;
        far.finish()?;
    }
    Ok(())
}
