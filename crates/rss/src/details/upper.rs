//! The protocol on top of TCP: TLS in the kernel, or MPTCP of which this is a subflow.

use sockcore::socket::ulp::{Subflow, Tls, UpperProtocol};

use crate::text::{hex, labelled};

/// Writes the upper protocol's name and what it tells.
pub(super) fn write(out: &mut Vec<u8>, told: &UpperProtocol<'_>) {
    if let Some(name) = told.name {
        out.extend_from_slice(b" tcp-ulp-");
        out.extend_from_slice(name);
    }
    if let Some(tls) = &told.tls {
        write_tls(out, tls);
    }
    if let Some(subflow) = &told.mptcp {
        write_subflow(out, subflow);
    }
}

fn write_tls(out: &mut Vec<u8>, tls: &Tls) {
    if let Some(version) = tls.version {
        out.extend_from_slice(b" version: ");
        match version {
            0x0303 => out.extend_from_slice(b"1.2"),
            0x0304 => out.extend_from_slice(b"1.3"),
            other => unknown(out, other),
        }
    }
    match tls.cipher {
        Some(51) => out.extend_from_slice(b" cipher: aes-gcm-128"),
        Some(52) => out.extend_from_slice(b" cipher: aes-gcm-256"),
        _ => {}
    }
    for (label, config) in [(" rxconf: ", tls.rx_config), (" txconf: ", tls.tx_config)] {
        if let Some(config) = config {
            out.extend_from_slice(label.as_bytes());
            match config {
                1 => out.extend_from_slice(b"none"),
                2 => out.extend_from_slice(b"sw"),
                3 => out.extend_from_slice(b"hw"),
                4 => out.extend_from_slice(b"hw-record"),
                other => unknown(out, other),
            }
        }
    }
    if tls.zero_copy_tx {
        out.extend_from_slice(b" zc_ro_tx");
    }
    if tls.rx_no_pad {
        out.extend_from_slice(b" no_pad_rx");
    }
}

fn unknown(out: &mut Vec<u8>, number: u16) {
    labelled(out, "unknown(", number);
    out.push(b')');
}

fn write_subflow(out: &mut Vec<u8>, subflow: &Subflow) {
    if let Some(flags) = subflow.flags.filter(|flags| *flags != 0) {
        out.extend_from_slice(b" flags:");
        for (bit, &letter) in b"MmJjBbecv".iter().enumerate() {
            if flags & (1 << bit) != 0 {
                out.push(letter);
            }
        }
    }
    if let (Some(remote), Some(remote_id), Some(local), Some(local_id)) = (
        subflow.token_remote,
        subflow.id_remote,
        subflow.token_local,
        subflow.id_local,
    ) {
        out.extend_from_slice(b" token:");
        hex(out, remote, 4);
        labelled(out, "(id:", remote_id);
        out.extend_from_slice(b")/");
        hex(out, local, 4);
        labelled(out, "(id:", local_id);
        out.push(b')');
    }
    if let Some(seq) = subflow.map_seq {
        labelled(out, " seq:", seq);
    }
    for (label, value) in [
        (" sfseq:", subflow.map_sfseq),
        (" ssnoff:", subflow.ssn_offset),
        (" maplen:", subflow.map_datalen),
    ] {
        if let Some(value) = value {
            labelled(out, label, value);
        }
    }
}
