//! What is told of an Internet socket behind its columns.

pub(crate) mod inet;
mod keys;
mod mptcp;
mod sctp;
mod tcp;
mod text_table;
mod timer;
mod upper;

use applet::Streams;

use crate::cgroups::Cgroups;
use crate::names::Names;
use crate::options::Show;

/// What the details need besides the socket.
pub(crate) struct Context<'c, 'p, 's> {
    pub(crate) show: Show,
    pub(crate) numeric: bool,
    pub(crate) names: &'c mut Names<'p>,
    pub(crate) cgroups: &'c mut Cgroups,
    pub(crate) streams: &'c mut Streams<'s>,
}
