//! What an SCTP endpoint or association tells of itself.

use sockcore::socket::InetSocket;
use sockcore::socket::sctp_info::{SctpInfo, addresses};

use crate::names::Names;
use crate::rows::association_state;
use crate::text::{address, hex, signed};

/// Writes the addresses of both ends and the internals.
pub(super) fn write(out: &mut Vec<u8>, socket: &InetSocket<'_>, names: &mut Names<'_>) {
    let ends = [
        (" locals:", socket.attributes.locals),
        (" peers:", socket.attributes.peers),
    ];
    for (label, array) in ends {
        if let Some(array) = array {
            out.extend_from_slice(label.as_bytes());
            write_addresses(out, array, names);
        }
    }
    if let Some(info) = socket.attributes.info.map(SctpInfo) {
        internals(out, info);
    }
}

fn write_addresses(out: &mut Vec<u8>, array: &[u8], names: &mut Names<'_>) {
    for (index, of) in addresses(array).enumerate() {
        if index > 0 {
            out.push(b',');
        }
        let Some(of) = of else {
            continue;
        };
        match names.host(&of) {
            Some(name) => out.extend_from_slice(name),
            None => address(out, &of),
        }
    }
}

fn internals(out: &mut Vec<u8>, info: SctpInfo<'_>) {
    hexadecimal(out, " tag:", info.tag());
    if info.state() != 0 {
        out.extend_from_slice(b" state:");
        out.extend_from_slice(association_state(info.state()));
    }
    number(out, " rwnd:", info.rwnd());
    number(out, " unackdata:", info.unackdata());
    number(out, " penddata:", info.penddata());
    number(out, " instrms:", info.instrms());
    number(out, " outstrms:", info.outstrms());
    number(out, " inqueue:", info.inqueue());
    number(out, " outqueue:", info.outqueue());
    number(out, " overerr:", info.overall_error());
    number(out, " maxburst:", info.max_burst());
    number(out, " maxseg:", info.maxseg());
    number(out, " prwnd:", info.peer_rwnd());
    hexadecimal(out, " ptag:", info.peer_tag());
    number(out, " pcapable:", info.peer_capable());
    number(out, " psack:", info.peer_sack());
    number(out, " autoclose:", info.autoclose());
    number(out, " adapind:", info.adaptation_ind());
    number(out, " pdpoint:", info.pd_point());
    number(out, " nodelay:", info.nodelay());
    number(out, " nofrag:", info.disable_fragments());
    number(out, " v4mapped:", info.v4mapped());
    number(out, " fraginl:", info.frag_interleave());
}

fn number(out: &mut Vec<u8>, label: &str, value: impl Into<u32>) {
    let value = value.into();
    if value != 0 {
        out.extend_from_slice(label.as_bytes());
        signed(out, value);
    }
}

fn hexadecimal(out: &mut Vec<u8>, label: &str, value: u32) {
    if value != 0 {
        out.extend_from_slice(label.as_bytes());
        hex(out, value, 1);
    }
}
