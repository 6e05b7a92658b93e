//! The tables of two rare families that sock_diag does not know: `/proc/net/ax25` and
//! `/proc/net/ipx`.

use super::lines::Fields;
use crate::id::Inode;

/// An AX.25 socket: `magic dev src dest[,digi…] st vs vr va t1 t1 t2 t2 t3 t3 idle idle n2 n2 rtt
/// window paclen Snd-Q Rcv-Q inode`. Texts are as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ax25Socket<'a> {
    /// The interface; `???` without one.
    pub device: &'a [u8],
    /// Own call sign.
    pub source: &'a [u8],
    /// The other's call sign and the digipeaters; `*` unconnected.
    pub destination: &'a [u8],
    /// Column `st`: 0 listening, 1 and 2 connecting and disconnecting, 3 connected, 4 recovery.
    pub state: u64,
    /// Column `Snd-Q`, bytes.
    pub send_queue: u64,
    /// Column `Rcv-Q`, bytes.
    pub recv_queue: u64,
    /// Column `inode`
    pub inode: Inode,
}

/// Reads a line of `/proc/net/ax25`; `None` for connections without a socket (`* * *`).
#[must_use]
pub fn ax25_line(text: &[u8]) -> Option<Ax25Socket<'_>> {
    let mut fields = Fields(text);
    let _magic = fields.word()?;
    let device = fields.word()?;
    let source = fields.word()?;
    let destination = fields.word()?;
    let state = Fields(fields.word()?).decimal()?;
    for _ in 0..16 {
        fields.word()?;
    }
    let send_queue = Fields(fields.word()?).decimal()?;
    let recv_queue = Fields(fields.word()?).decimal()?;
    let inode = Inode(Fields(fields.word()?).decimal()?);
    Some(Ax25Socket {
        device,
        source,
        destination,
        state,
        send_queue,
        recv_queue,
        inode,
    })
}

/// An IPX socket: `Local_Address Remote_Address Tx_Queue Rx_Queue State Uid Inode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IpxSocket<'a> {
    /// Own address, as written.
    pub local: &'a [u8],
    /// The other's, as written; `Not_Connected`.
    pub remote: &'a [u8],
    /// Column `Tx_Queue`, hexadecimal, bytes.
    pub send_queue: u64,
    /// Column `Rx_Queue`, hexadecimal, bytes.
    pub recv_queue: u64,
    /// Column `State`, hexadecimal.
    pub state: u64,
    /// Column `Inode`
    pub inode: Inode,
}

/// Reads a line of `/proc/net/ipx`; `None` where the kernel writes no inode.
#[must_use]
pub fn ipx_line(text: &[u8]) -> Option<IpxSocket<'_>> {
    let mut fields = Fields(text);
    let local = fields.word()?;
    let remote = fields.word()?;
    let send_queue = Fields(fields.word()?).hex()?;
    let recv_queue = Fields(fields.word()?).hex()?;
    let state = Fields(fields.word()?).hex()?;
    let _uid = fields.word()?;
    let inode = Inode(Fields(fields.word()?).decimal()?);
    Some(IpxSocket {
        local,
        remote,
        send_queue,
        recv_queue,
        state,
        inode,
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Random, mutate};
    use super::*;

    const AX25: &[u8] = b"000000001234abcd ax0 N0CALL-1 N0CALL-2,RELAY 3 0 0 0 0 10 0 3 0 300 0 1200 0 10 5 2 256 7 9 4711";
    const IPX: &[u8] = b"00000001:0000000000AB:4000  Not_Connected               0000000A  0000000B  07     000 4711";

    #[test]
    fn an_ax25_socket_has_its_state_queues_and_inode() {
        let socket = ax25_line(AX25).unwrap();
        assert_eq!(
            (socket.device, socket.source),
            (&b"ax0"[..], &b"N0CALL-1"[..])
        );
        assert_eq!(socket.destination, b"N0CALL-2,RELAY");
        assert_eq!(
            (socket.state, socket.send_queue, socket.recv_queue),
            (3, 7, 9)
        );
        assert_eq!(socket.inode, Inode(4711));
        let orphan = AX25.strip_suffix(b"7 9 4711").unwrap();
        assert_eq!(ax25_line(&[orphan, b"* * *"].concat()), None);
    }

    #[test]
    fn an_ipx_socket_has_hexadecimal_queues() {
        let socket = ipx_line(IPX).unwrap();
        assert_eq!(socket.remote, b"Not_Connected");
        assert_eq!(
            (socket.send_queue, socket.recv_queue, socket.state),
            (10, 11, 7)
        );
        assert_eq!(socket.inode, Inode(4711));
        assert_eq!(ipx_line(IPX.strip_suffix(b" 4711").unwrap()), None);
    }

    #[test]
    fn mutated_text_never_panics() {
        let mut random = Random::new(16);
        for _ in 0..20_000 {
            let _ = ax25_line(&mutate(AX25, &mut random));
            let _ = ipx_line(&mutate(IPX, &mut random));
        }
    }
}
