//! Upper layer protocols of a TCP socket: TLS in the kernel, and the subflows of MPTCP.

/// `INET_DIAG_ULP_INFO`. `None`: not sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UpperProtocol<'a> {
    /// `INET_ULP_INFO_NAME`, without the final NUL.
    pub name: Option<&'a [u8]>,
    /// `INET_ULP_INFO_TLS`
    pub tls: Option<Tls>,
    /// `INET_ULP_INFO_MPTCP`
    pub mptcp: Option<Subflow>,
}

/// TLS: `TLS_INFO_*` of `<linux/tls.h>`. `None`: not sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tls {
    /// `TLS_INFO_VERSION`: 0x0303 is 1.2, 0x0304 is 1.3.
    pub version: Option<u16>,
    /// `TLS_INFO_CIPHER`: `TLS_CIPHER_*`.
    pub cipher: Option<u16>,
    /// `TLS_INFO_TXCONF`: 1 none, 2 software, 3 hardware, 4 hardware records.
    pub tx_config: Option<u16>,
    /// `TLS_INFO_RXCONF`: as `tx_config`.
    pub rx_config: Option<u16>,
    /// `TLS_INFO_ZC_RO_TX` was sent: files are sent without a copy.
    pub zero_copy_tx: bool,
    /// `TLS_INFO_RX_NO_PAD` was sent: records are expected without padding.
    pub rx_no_pad: bool,
}

/// A subflow of MPTCP: `MPTCP_SUBFLOW_ATTR_*` of `<linux/mptcp.h>`. `None`: not sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Subflow {
    /// `MPTCP_SUBFLOW_ATTR_TOKEN_REM`
    pub token_remote: Option<u32>,
    /// `MPTCP_SUBFLOW_ATTR_TOKEN_LOC`
    pub token_local: Option<u32>,
    /// `MPTCP_SUBFLOW_ATTR_MAP_SEQ`
    pub map_seq: Option<u64>,
    /// `MPTCP_SUBFLOW_ATTR_MAP_SFSEQ`
    pub map_sfseq: Option<u32>,
    /// `MPTCP_SUBFLOW_ATTR_SSN_OFFSET`
    pub ssn_offset: Option<u32>,
    /// `MPTCP_SUBFLOW_ATTR_MAP_DATALEN` (the kernel sends 16 bits)
    pub map_datalen: Option<u32>,
    /// `MPTCP_SUBFLOW_ATTR_FLAGS`: bits of `MPTCP_SUBFLOW_FLAG_*`.
    pub flags: Option<u32>,
    /// `MPTCP_SUBFLOW_ATTR_ID_REM`
    pub id_remote: Option<u8>,
    /// `MPTCP_SUBFLOW_ATTR_ID_LOC`
    pub id_local: Option<u8>,
}
