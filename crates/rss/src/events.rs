//! `-E`: Internet sockets as the kernel tells of their end.

use std::ops::ControlFlow;

use applet::{Exit, Streams};
use sockcore::netlink::destroy::Orders;
use sockcore::netlink::monitor::Groups;
use sockcore::socket::{InetProtocol, Socket};
use sockcore::source::SocketSource;

use crate::destroy::destroy;
use crate::listing::passes;
use crate::resolve::{Plan, Selection};
use crate::rows::Rows;
use crate::tables::{Family, TableSet};

/// What there are events of, and the group that tells them.
static GROUPS: &[(TableSet, Family, Groups)] = &[
    (TableSet::TCP, Family::Inet, Groups::TCP),
    (TableSet::UDP, Family::Inet, Groups::UDP),
    (TableSet::TCP, Family::Inet6, Groups::TCP6),
    (TableSet::UDP, Family::Inet6, Groups::UDP6),
];

fn groups(selection: &Selection) -> Groups {
    GROUPS
        .iter()
        .filter(|(table, family, _)| {
            selection.tables.meets(*table) && selection.families.contains(*family)
        })
        .fold(Groups::NONE, |all, (_, _, group)| all.with(*group))
}

/// Shows sockets as they are closed, each at once and as a block of its own, until the process is
/// ended.
pub(crate) fn show(
    plan: &Plan,
    sockets: &mut dyn SocketSource,
    rows: &mut Rows<'_>,
    streams: &mut Streams<'_>,
) -> Exit {
    let groups = groups(&plan.selection);
    if groups.is_empty() {
        return crate::USAGE_ERROR;
    }
    let mut monitor = match sockets.monitor(groups) {
        Ok(monitor) => monitor,
        Err(error) => {
            let text = format!("Cannot bind netlink socket: {}\n", error.errno.text());
            streams.complain(text.as_bytes());
            return crate::USAGE_ERROR;
        }
    };
    let mut orders = None;
    if plan.kill {
        orders = Orders::open().ok();
    }
    let answer = monitor.listen(&mut |inet| {
        let mut inet = inet.clone();
        if inet.attributes.protocol.is_none() {
            // What has no name.
            inet.protocol = InetProtocol::RAW;
        }
        let socket = Socket::Inet(inet.clone());
        let mut shown = passes(plan, &socket);
        if let Some(orders) = orders.as_mut().filter(|_| shown) {
            match destroy(orders, &inet, streams) {
                Ok(destroyed) => shown = destroyed,
                Err(_) => return ControlFlow::Break(()),
            }
        }
        if shown {
            rows.write(&socket, streams);
        }
        // Also when nothing is shown: the headings come with the first event of any kind.
        rows.layout.finish(&mut streams.out);
        streams.out.flush_all();
        ControlFlow::Continue(())
    });
    match answer {
        Ok(()) => Exit::SUCCESS,
        Err(_) => crate::USAGE_ERROR,
    }
}
