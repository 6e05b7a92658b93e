//! The listing of routes (`-r`): one table for each family named, in order.

mod inet;
mod inet6;
mod rare;

use applet::Exit;

use crate::families::Family;
use crate::switches;
use crate::work::{Outcome, Work};

/// A family that has no routing, or none that this program can show.
const NO_ROUTING: Exit = Exit(3);

pub(crate) fn show(work: &mut Work<'_, '_>) -> Exit {
    let families = match work.plan.families.as_slice() {
        [] => vec![Family::Inet],
        named => named.to_vec(),
    };
    for family in families {
        if let Err(exit) = show_family(work, family) {
            return exit;
        }
    }
    Exit::SUCCESS
}

fn show_family(work: &mut Work<'_, '_>, family: Family) -> Outcome {
    let (fib, cache) = (work.plan.fib || !work.plan.cache, work.plan.cache);
    match family {
        Family::Inet => {
            if fib {
                inet::show_routes(work)?;
            }
            if cache {
                inet::show_cache(work)?;
            }
            Ok(())
        }
        Family::Inet6 => {
            if fib {
                inet6::show(work, false)?;
            }
            if cache {
                inet6::show(work, true)?;
            }
            Ok(())
        }
        Family::Unix | Family::Ash => refuse(work, family),
        Family::Econet if switches::ECONET => refuse(work, family),
        Family::Econet | Family::Bluetooth => {
            let text = format!("Address family `{}' not supported.\n", family.name());
            work.streams.complain(text.as_bytes());
            Err(NO_ROUTING)
        }
        Family::Ipx | Family::Ax25 | Family::Netrom | Family::X25 | Family::Rose | Family::Ddp => {
            rare::show(work, family)
        }
    }
}

fn refuse(work: &mut Work<'_, '_>, family: Family) -> Outcome {
    let text = format!("No routing for address family `{}'.\n", family.name());
    work.streams.complain(text.as_bytes());
    Err(NO_ROUTING)
}
