//! Which tables are walked, in which order, and what is done when the kernel does not tell one.

use std::ops::ControlFlow;

use applet::Streams;
use sockcore::addr::InetFamily;
use sockcore::error::Errno;
use sockcore::filter::Filter;
use sockcore::query::{
    InetDetails, InetQuery, Query, QueryFamily, Storages, UnixQuery, UnixShow, Via,
};
use sockcore::socket::{InetProtocol, Socket, SocketState, StateSet};
use sockcore::source::SocketSource;
use sockcore::{Completeness, Error, Operation};

use crate::destroy;
use crate::names::PortKind;
use crate::options::Show;
use crate::replay;
use crate::resolve::{Plan, Selection};
use crate::rows::Rows;
use crate::tables::{Family, FamilySet, TableSet};
use crate::text_tables;
use crate::unix_text;

/// A listing under way.
pub(crate) struct Listing<'l, 'p, 's> {
    pub(crate) plan: &'p Plan,
    /// The plan's selection as the filter left it.
    pub(crate) selection: Selection,
    pub(crate) sockets: &'l mut dyn SocketSource,
    pub(crate) rows: &'l mut Rows<'p>,
    pub(crate) streams: &'l mut Streams<'s>,
}

impl Listing<'_, '_, '_> {
    /// Walks every table of the selection. Nothing that fails here is an error of the run.
    pub(crate) fn run(&mut self) {
        self.netlink();
        self.packet();
        self.unix();
        self.inet(TableSet::RAW, InetProtocol::RAW, Some(PortKind::Raw));
        self.inet(TableSet::UDP, InetProtocol::UDP, Some(PortKind::Udp));
        self.inet(TableSet::TCP, InetProtocol::TCP, Some(PortKind::Tcp));
        self.inet(TableSet::SCTP, InetProtocol::SCTP, None);
        self.plain(
            TableSet::VSOCK,
            FamilySet::of(Family::Vsock),
            QueryFamily::Vsock(self.selection.states),
        );
        self.plain(
            TableSet::TIPC,
            self.selection.families,
            QueryFamily::Tipc(self.selection.states),
        );
        if self.shows_closed() {
            self.plain(TableSet::XDP, FamilySet::of(Family::Xdp), QueryFamily::Xdp);
        }
        self.inet(TableSet::MPTCP, InetProtocol::MPTCP, None);
    }

    fn selects(&self, tables: TableSet, families: FamilySet) -> bool {
        self.selection.tables.meets(tables) && self.selection.families.meets(families)
    }

    /// Whether tables are shown whose sockets have no state.
    fn shows_closed(&self) -> bool {
        self.selection.states.contains(SocketState::CLOSE)
    }

    /// Writes the row of a socket that passes the filter.
    #[inline]
    pub(crate) fn offer(&mut self, socket: &Socket<'_>) -> ControlFlow<()> {
        if passes(self.plan, socket) {
            self.rows.write(socket, self.streams);
        }
        self.rows.flow()
    }

    /// Lends every socket that answers a query to [`Self::offer`], or as long as `wanted`.
    fn visit(
        &mut self,
        family: QueryFamily,
        mut wanted: impl FnMut(&Socket<'_>) -> bool,
    ) -> Result<Completeness, Error> {
        let Self {
            plan,
            selection,
            rows,
            streams,
            sockets,
        } = self;
        sockets.visit(&Query::netlink(family), &mut |socket| {
            if !wanted(socket) {
                return ControlFlow::Break(());
            }
            if is_of(selection.families, socket) && passes(plan, socket) {
                rows.write(socket, streams);
            }
            rows.flow()
        })
    }

    /// Whether a dump came to its end; says on standard error what has to be said.
    pub(crate) fn settle(&mut self, answer: Result<Completeness, Error>, silent: &[Errno]) -> bool {
        match answer {
            Ok(complete) => {
                for _ in 0..complete.interrupted {
                    let warning = b"Dump was interrupted and may be inconsistent.\n";
                    self.streams.complain(warning);
                }
                true
            }
            Err(error) => {
                let what = match error.operation {
                    Operation::OpenSocket => "Cannot open netlink socket",
                    Operation::Answer | Operation::End if !silent.contains(&error.errno) => {
                        "RTNETLINK answers"
                    }
                    _ => return false,
                };
                let text = format!("{what}: {}\n", error.errno.text());
                self.streams.complain(text.as_bytes());
                false
            }
        }
    }

    fn netlink(&mut self) {
        let shown = self.selects(TableSet::NETLINK, FamilySet::of(Family::Netlink));
        if !shown || !self.shows_closed() {
            return;
        }
        if !self.plan.sources.text.meets(TableSet::NETLINK) {
            let answer = self.visit(QueryFamily::Netlink, |_| true);
            if self.settle(answer, UNTOLD) {
                return;
            }
        }
        text_tables::netlink(self);
    }

    fn packet(&mut self) {
        let shown = self.selects(TableSet::PACKET, FamilySet::of(Family::Link));
        if !shown || !self.shows_closed() {
            return;
        }
        if !self.plan.sources.text.meets(TableSet::PACKET) {
            let mut whole = true;
            let answer = self.visit(QueryFamily::Packet, |socket| {
                // A kernel that does not tell the queues is of no use.
                whole = !matches!(socket, Socket::Packet(socket) if socket.memory.is_none());
                whole
            });
            if self.settle(answer, UNTOLD) && whole {
                return;
            }
        }
        text_tables::packet(self);
    }

    fn unix(&mut self) {
        if !self.selects(TableSet::UNIX, FamilySet::of(Family::Unix)) {
            return;
        }
        if !self.plan.sources.text.meets(TableSet::UNIX) {
            let query = QueryFamily::Unix(UnixQuery {
                states: self.selection.states,
                show: unix_show(&self.plan.show),
            });
            let answer = self.visit(query, |_| true);
            if self.settle(answer, UNTOLD) {
                return;
            }
        }
        unix_text::list(self);
    }

    /// A table that only netlink tells.
    fn plain(&mut self, tables: TableSet, families: FamilySet, query: QueryFamily) {
        if self.selects(tables, families) {
            let answer = self.visit(query, |_| true);
            self.settle(answer, UNTOLD);
        }
    }

    fn inet(&mut self, table: TableSet, protocol: InetProtocol, ports: Option<PortKind>) {
        let sources = &self.plan.sources;
        if !self.selects(table, FamilySet::INET) {
            return;
        }
        if let Some(ports) = ports {
            self.rows.names.kind = ports;
        }
        if table == TableSet::TCP {
            if let Some(path) = &sources.recording {
                return replay::list(self, path);
            }
        }
        if sources.none.meets(table) {
            return;
        }
        if !sources.text.meets(table) && self.inet_by_netlink(protocol) {
            return;
        }
        text_tables::inet(self, protocol);
    }

    /// Asks the kernel, an old one in its way if the first way fails.
    fn inet_by_netlink(&mut self, protocol: InetProtocol) -> bool {
        let query = inet_query(self.plan, &self.selection, protocol);
        if query.bytecode.len() > LONGEST_PROGRAM {
            return false;
        }
        if self.plan.kill {
            return destroy::by_netlink(self, &query);
        }
        let answer = self.visit_inet(&query);
        let retry = match &answer {
            Ok(_) => false,
            Err(error) => protocol == InetProtocol::TCP && is_answer(error),
        };
        if self.settle_inet(answer) {
            return true;
        }
        if !retry {
            return false;
        }
        let legacy = InetQuery {
            family: InetFamily::V4,
            legacy: true,
            storages: Storages::None,
            ..query
        };
        let answer = self.visit(QueryFamily::Inet(legacy), |_| true);
        self.settle_inet(answer)
    }

    pub(crate) fn settle_inet(&mut self, answer: Result<Completeness, Error>) -> bool {
        match &answer {
            // That the kernel does not begin is not told, whatever the reason.
            Err(error) if error.operation == Operation::Answer => false,
            _ => self.settle(answer, UNTOLD),
        }
    }

    /// The dump of the preferred family, or of both.
    fn visit_inet(&mut self, query: &InetQuery) -> Result<Completeness, Error> {
        let one = match self.selection.preferred {
            Some(Family::Inet) => InetFamily::V4,
            Some(Family::Inet6) => InetFamily::V6,
            _ => {
                let Self {
                    plan,
                    selection,
                    rows,
                    streams,
                    sockets,
                } = self;
                return sockets.visit_both(query, Via::Netlink, &mut |socket| {
                    if is_of(selection.families, socket) && passes(plan, socket) {
                        rows.write(socket, streams);
                    }
                    rows.flow()
                });
            }
        };
        let query = InetQuery {
            family: one,
            ..query.clone()
        };
        self.visit(QueryFamily::Inet(query), |_| true)
    }
}

/// Errors of a table that the kernel does not have.
const UNTOLD: &[Errno] = &[Errno::NOENT, Errno::OPNOTSUPP];

/// A longer program makes a request that does not fit the original's send buffer.
const LONGEST_PROGRAM: usize = 65_428;

/// Whether an Internet socket is of a family that is shown: a dump may hold others, too.
#[inline]
pub(crate) fn is_of(families: FamilySet, socket: &Socket<'_>) -> bool {
    match socket {
        Socket::Inet(socket) => families.contains(match socket.family {
            InetFamily::V4 => Family::Inet,
            InetFamily::V6 => Family::Inet6,
        }),
        _ => true,
    }
}

/// Whether a socket is listed as far as the filter goes. TIPC sockets are listed in any case.
#[inline]
pub(crate) fn passes(plan: &Plan, socket: &Socket<'_>) -> bool {
    match &plan.filter {
        None => true,
        Some(filter) => matches!(socket, Socket::Tipc(_)) || filter.matches(socket),
    }
}

/// Whether the kernel was asked, and refused.
pub(crate) fn is_answer(error: &Error) -> bool {
    matches!(error.operation, Operation::Answer | Operation::End)
}

/// Whether the kernel does not know an instruction that the filter needs.
pub(crate) fn refuses(sockets: &mut dyn SocketSource, filter: &Filter) -> bool {
    let query = InetQuery {
        bytecode: filter.bytecode().unwrap_or_default(),
        ..InetQuery::new(InetFamily::V4, InetProtocol::TCP, StateSet::EMPTY)
    };
    let query = Query::netlink(QueryFamily::Inet(query));
    let answer = sockets.visit(&query, &mut |_| ControlFlow::Continue(()));
    answer.is_err_and(|error| is_answer(&error) && error.errno == Errno::INVAL)
}

/// What the kernel is asked of an Internet protocol.
pub(crate) fn inet_query(plan: &Plan, selection: &Selection, protocol: InetProtocol) -> InetQuery {
    let mut states = selection.states;
    if protocol == InetProtocol::TCP {
        // No TCP socket that the kernel lists is in this state, but asked for it the kernel looks
        // at every connection.
        states = states.without(StateSet::of(SocketState::CLOSE));
    }
    InetQuery {
        details: inet_details(&plan.show),
        bytecode: plan
            .filter
            .as_ref()
            .and_then(Filter::bytecode)
            .unwrap_or_default(),
        storages: plan.storages.clone(),
        brief: is_brief(plan),
        ..InetQuery::new(InetFamily::V4, protocol, states)
    }
}

/// Whether a row shows nothing of an Internet socket but what every way to it tells. A filter may
/// look at more, and killing needs the cookie.
fn is_brief(plan: &Plan) -> bool {
    let show = &plan.show;
    let details = show.timers || show.details || show.cgroup || show.socket_options;
    !details && plan.filter.is_none() && !plan.kill
}

fn inet_details(show: &Show) -> InetDetails {
    [
        (show.memory, InetDetails::MEMORY),
        (show.internals, InetDetails::INTERNALS),
        (show.tos, InetDetails::TOS),
    ]
    .into_iter()
    .filter(|(wanted, _)| *wanted)
    .fold(InetDetails::default(), |all, (_, details)| {
        all.with(details)
    })
}

fn unix_show(show: &Show) -> UnixShow {
    let mut wanted = UnixShow::NAME.with(UnixShow::PEER).with(UnixShow::QUEUES);
    if show.memory {
        wanted = wanted.with(UnixShow::MEMORY);
    }
    if show.details {
        wanted = wanted.with(UnixShow::VFS).with(UnixShow::PENDING);
    }
    wanted
}
