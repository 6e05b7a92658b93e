//! What an MPTCP connection tells of itself.

use sockcore::socket::InetSocket;
use sockcore::socket::mptcp_info::MptcpInfo;

use crate::text::{hex, labelled};

/// Writes the internals in their order; what is 0 is left out.
pub(super) fn write(out: &mut Vec<u8>, socket: &InetSocket<'_>) {
    let Some(info) = socket.attributes.info.map(MptcpInfo) else {
        return;
    };
    let mut number = |label: &str, value: u64| {
        if value != 0 {
            labelled(out, label, value);
        }
    };
    number(" subflows:", info.subflows().into());
    number(" add_addr_signal:", info.add_addr_signal().into());
    number(" add_addr_accepted:", info.add_addr_accepted().into());
    number(" subflows_max:", info.subflows_max().into());
    number(" add_addr_signal_max:", info.add_addr_signal_max().into());
    number(
        " add_addr_accepted_max:",
        info.add_addr_accepted_max().into(),
    );
    if info.flags() & 1 != 0 {
        out.extend_from_slice(b" fallback");
    }
    if info.flags() & 2 != 0 {
        out.extend_from_slice(b" remote_key");
    }
    if info.token() != 0 {
        out.extend_from_slice(b" token:");
        hex(out, info.token(), 1);
    }
    let mut number = |label: &str, value: u64| {
        if value != 0 {
            labelled(out, label, value);
        }
    };
    number(" write_seq:", info.write_seq());
    number(" snd_una:", info.snd_una());
    number(" rcv_nxt:", info.rcv_nxt());
    number(" local_addr_used:", info.local_addr_used().into());
    number(" local_addr_max:", info.local_addr_max().into());
    number(" csum_enabled:", info.csum_enabled().into());
    number(" retransmits:", info.retransmits().into());
    number(" bytes_retrans:", info.bytes_retrans());
    number(" bytes_sent:", info.bytes_sent());
    number(" bytes_received:", info.bytes_received());
    number(" bytes_acked:", info.bytes_acked());
    number(" subflows_total:", info.subflows_total().into());
    number(" endp_laminar_max:", info.endp_laminar_max().into());
    number(" last_data_sent:", info.last_data_sent().into());
    number(" last_data_recv:", info.last_data_recv().into());
    number(" last_ack_recv:", info.last_ack_recv().into());
}
