//! `-K`: Internet sockets that the kernel lists are destroyed, and those that were are shown.

use std::ops::ControlFlow;

use applet::Streams;
use sockcore::addr::InetFamily;
use sockcore::error::Errno;
use sockcore::netlink::destroy::{Destroyer, Orders};
use sockcore::query::{InetQuery, Storages};
use sockcore::socket::{InetProtocol, InetSocket, Socket};
use sockcore::{Completeness, Error, Origin};

use crate::listing::{Listing, is_answer, is_of, passes};
use crate::tables::Family;

/// How a dump of sockets to destroy ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Whole,
    /// It broke off; whether the kernel may be asked in another way.
    Failed {
        retry: bool,
    },
}

/// Destroys and shows the sockets of a query, asking the kernel in an old way if the first one
/// fails. `false`: the table is still to be listed.
pub(crate) fn by_netlink(listing: &mut Listing<'_, '_, '_>, query: &InetQuery) -> bool {
    let mut destroyer = match listing.sockets.destroyer() {
        Ok(destroyer) => destroyer,
        Err(error) => return listing.settle(Err(error), &[]),
    };
    let families = match listing.selection.preferred {
        Some(Family::Inet) => &[InetFamily::V4][..],
        Some(Family::Inet6) => &[InetFamily::V6],
        _ => &[InetFamily::V4, InetFamily::V6],
    };
    let dumps = families.iter().map(|&family| InetQuery {
        family,
        ..query.clone()
    });
    let failed = dumps
        .map(|query| dump(listing, &mut destroyer, &query))
        .find(|outcome| *outcome != Outcome::Whole);
    match failed {
        None => true,
        Some(Outcome::Failed { retry: true }) if query.protocol == InetProtocol::TCP => {
            let legacy = InetQuery {
                family: InetFamily::V4,
                legacy: true,
                storages: Storages::None,
                ..query.clone()
            };
            dump(listing, &mut destroyer, &legacy) == Outcome::Whole
        }
        Some(_) => false,
    }
}

fn dump(
    listing: &mut Listing<'_, '_, '_>,
    destroyer: &mut Destroyer,
    query: &InetQuery,
) -> Outcome {
    let mut refused = false;
    let answer = destroyer.visit(query, &mut |inet, orders| {
        let socket = Socket::Inet(inet.clone());
        if !is_of(listing.selection.families, &socket) || !passes(listing.plan, &socket) {
            return ControlFlow::Continue(());
        }
        match destroy(orders, inet, listing.streams) {
            Ok(true) => listing.rows.write(&socket, listing.streams),
            Ok(false) => {}
            Err(_) => {
                refused = true;
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    });
    if refused {
        return Outcome::Failed { retry: true };
    }
    let retry = answer.as_ref().is_err_and(is_answer);
    let answer = answer.map(|end| Completeness {
        origin: Origin::Netlink,
        interrupted: end.interrupted.into(),
        skipped: 0,
    });
    if listing.settle_inet(answer) {
        Outcome::Whole
    } else {
        Outcome::Failed { retry }
    }
}

/// Whether a socket could be destroyed; one that is gone, or of a kind that cannot, is passed
/// over. Anything else is said on standard error.
pub(crate) fn destroy(
    orders: &mut Orders,
    socket: &InetSocket<'_>,
    streams: &mut Streams<'_>,
) -> Result<bool, Error> {
    match orders.destroy(socket) {
        Ok(()) => Ok(true),
        Err(error) if matches!(error.errno, Errno::NOENT | Errno::OPNOTSUPP) => Ok(false),
        Err(error) => {
            let text = format!("SOCK_DESTROY answers: {}\n", error.errno.text());
            streams.complain(text.as_bytes());
            Err(error)
        }
    }
}
