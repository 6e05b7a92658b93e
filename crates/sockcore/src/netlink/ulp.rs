//! `INET_DIAG_ULP_INFO`: attributes inside attributes.

use super::attributes;
use crate::socket::bytes::{u8_at, u16_at, u32_at, u64_at};
use crate::socket::ulp::{Subflow, Tls, UpperProtocol};

const INET_ULP_INFO_NAME: u16 = 1;
const INET_ULP_INFO_TLS: u16 = 2;
const INET_ULP_INFO_MPTCP: u16 = 3;

const TLS_INFO_VERSION: u16 = 1;
const TLS_INFO_CIPHER: u16 = 2;
const TLS_INFO_TXCONF: u16 = 3;
const TLS_INFO_RXCONF: u16 = 4;
const TLS_INFO_ZC_RO_TX: u16 = 5;
const TLS_INFO_RX_NO_PAD: u16 = 6;

const MPTCP_SUBFLOW_ATTR_TOKEN_REM: u16 = 1;
const MPTCP_SUBFLOW_ATTR_TOKEN_LOC: u16 = 2;
const MPTCP_SUBFLOW_ATTR_MAP_SEQ: u16 = 4;
const MPTCP_SUBFLOW_ATTR_MAP_SFSEQ: u16 = 5;
const MPTCP_SUBFLOW_ATTR_SSN_OFFSET: u16 = 6;
const MPTCP_SUBFLOW_ATTR_MAP_DATALEN: u16 = 7;
const MPTCP_SUBFLOW_ATTR_FLAGS: u16 = 8;
const MPTCP_SUBFLOW_ATTR_ID_REM: u16 = 9;
const MPTCP_SUBFLOW_ATTR_ID_LOC: u16 = 10;

pub(crate) fn decode(bytes: &[u8]) -> UpperProtocol<'_> {
    let mut upper = UpperProtocol::default();
    for attribute in attributes(bytes) {
        let value = attribute.value;
        match attribute.kind {
            INET_ULP_INFO_NAME => {
                let name = value.split(|&byte| byte == 0).next();
                upper.name = upper.name.or(name);
            }
            INET_ULP_INFO_TLS => upper.tls = upper.tls.or_else(|| Some(tls(value))),
            INET_ULP_INFO_MPTCP => upper.mptcp = upper.mptcp.or_else(|| Some(subflow(value))),
            _ => {}
        }
    }
    upper
}

fn tls(bytes: &[u8]) -> Tls {
    let mut tls = Tls::default();
    for attribute in attributes(bytes) {
        let number = Some(u16_at(attribute.value, 0));
        match attribute.kind {
            TLS_INFO_VERSION => tls.version = tls.version.or(number),
            TLS_INFO_CIPHER => tls.cipher = tls.cipher.or(number),
            TLS_INFO_TXCONF => tls.tx_config = tls.tx_config.or(number),
            TLS_INFO_RXCONF => tls.rx_config = tls.rx_config.or(number),
            TLS_INFO_ZC_RO_TX => tls.zero_copy_tx = true,
            TLS_INFO_RX_NO_PAD => tls.rx_no_pad = true,
            _ => {}
        }
    }
    tls
}

fn subflow(bytes: &[u8]) -> Subflow {
    let mut subflow = Subflow::default();
    for attribute in attributes(bytes) {
        let value = attribute.value;
        let (byte, word) = (Some(u8_at(value, 0)), Some(u32_at(value, 0)));
        match attribute.kind {
            MPTCP_SUBFLOW_ATTR_TOKEN_REM => {
                subflow.token_remote = subflow.token_remote.or(word);
            }
            MPTCP_SUBFLOW_ATTR_TOKEN_LOC => subflow.token_local = subflow.token_local.or(word),
            MPTCP_SUBFLOW_ATTR_MAP_SEQ => {
                subflow.map_seq = subflow.map_seq.or(Some(u64_at(value, 0)));
            }
            MPTCP_SUBFLOW_ATTR_MAP_SFSEQ => subflow.map_sfseq = subflow.map_sfseq.or(word),
            MPTCP_SUBFLOW_ATTR_SSN_OFFSET => subflow.ssn_offset = subflow.ssn_offset.or(word),
            MPTCP_SUBFLOW_ATTR_MAP_DATALEN => subflow.map_datalen = subflow.map_datalen.or(word),
            MPTCP_SUBFLOW_ATTR_FLAGS => subflow.flags = subflow.flags.or(word),
            MPTCP_SUBFLOW_ATTR_ID_REM => subflow.id_remote = subflow.id_remote.or(byte),
            MPTCP_SUBFLOW_ATTR_ID_LOC => subflow.id_local = subflow.id_local.or(byte),
            _ => {}
        }
    }
    subflow
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(kind: u16, value: &[u8]) -> Vec<u8> {
        let length = u16::try_from(value.len() + 4).unwrap();
        let mut bytes = [length.to_ne_bytes(), kind.to_ne_bytes()].concat();
        bytes.extend_from_slice(value);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes
    }

    #[test]
    fn a_subflow_is_read_through_both_levels() {
        let inner = [
            attribute(8, &0x21u32.to_ne_bytes()),
            attribute(7, &500u16.to_ne_bytes()),
            attribute(4, &(1u64 << 40).to_ne_bytes()),
            attribute(9, &[3]),
        ]
        .concat();
        let bytes = [attribute(1, b"mptcp\0"), attribute(3, &inner)].concat();
        let upper = decode(&bytes);
        assert_eq!(upper.name, Some(&b"mptcp"[..]));
        let subflow = upper.mptcp.unwrap();
        assert_eq!(subflow.flags, Some(0x21));
        assert_eq!(subflow.map_datalen, Some(500));
        assert_eq!(subflow.map_seq, Some(1 << 40));
        assert_eq!(subflow.id_remote, Some(3));
        assert_eq!(subflow.token_local, None);
        for length in 0..bytes.len() {
            decode(&bytes[..length]);
        }
    }
}
