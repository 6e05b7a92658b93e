//! Recordings that are written by a program: what the originals and ours read in place of a
//! kernel. The same call writes the same bytes.

pub mod diag;
pub mod families;
pub mod tree;

use std::io;
use std::path::{Path, PathBuf};

use crate::protocol::Facts;
use crate::random::Dice;

/// How many files of random sock_diag messages [`prepare`] writes.
pub const RANDOM_DUMPS: usize = 6;

/// How many sets of summary files [`prepare`] writes.
pub const SUMMARIES: usize = 4;

/// Writes all recordings below `directory` and tells where they are.
///
/// # Errors
/// When the directory cannot be written.
pub fn prepare(directory: &Path) -> io::Result<Facts> {
    std::fs::create_dir_all(directory)?;
    let mut facts = Facts::new();
    let mut dump = |name: &str, bytes: &[u8]| -> io::Result<()> {
        let path = directory.join(name.to_lowercase());
        std::fs::write(&path, bytes)?;
        facts.push((format!("SCENE_{name}").into(), path.into()));
        Ok(())
    };
    dump("DUMP_FOUR", &diag::four())?;
    dump("DUMP_CUT", diag::four().get(..200).unwrap_or_default())?;
    dump("DUMP_ERROR", &diag::refused())?;
    for number in 0..SUMMARIES {
        let mut dice = Dice::new(17, number as u64);
        let (sockstat, sockstat6, snmp) = summary(&mut dice);
        dump(&format!("SOCKSTAT{number}"), sockstat.as_bytes())?;
        dump(&format!("SOCKSTAT6_{number}"), sockstat6.as_bytes())?;
        dump(&format!("SNMP{number}"), snmp.as_bytes())?;
    }
    for number in 0..RANDOM_DUMPS {
        let mut dice = Dice::new(7, number as u64);
        let count = 1 + dice.below(40);
        dump(
            &format!("DUMP_RANDOM{number}"),
            &diag::random(&mut dice, count),
        )?;
    }
    let empty = directory.join("no-files");
    std::fs::create_dir_all(&empty)?;
    facts.push(("SCENE_NO_FILES".into(), empty.into()));
    Ok(facts)
}

/// The files that a summary is made of: `net/sockstat`, `net/sockstat6` and `net/snmp`.
fn summary(dice: &mut Dice) -> (String, String, String) {
    let mut number = || match dice.below(4) {
        0 => 0,
        1 => dice.below(10),
        2 => dice.below(100_000),
        _ => dice.below(1 << 31),
    };
    let sockstat = format!(
        "sockets: used {}\nTCP: inuse {} orphan {} tw {} alloc {} mem {}\nUDP: inuse {} mem {}\n\
         UDPLITE: inuse {}\nRAW: inuse {}\nFRAG: inuse {} memory {}\n",
        number(),
        number(),
        number(),
        number(),
        number(),
        number(),
        number(),
        number(),
        number(),
        number(),
        number(),
        number()
    );
    let sockstat6 = format!(
        "TCP6: inuse {}\nUDP6: inuse {}\nUDPLITE6: inuse {}\nRAW6: inuse {}\nFRAG6: inuse {} memory {}\n",
        number(),
        number(),
        number(),
        number(),
        number(),
        number()
    );
    let snmp = format!(
        "Ip: Forwarding DefaultTTL\nIp: 1 64\nTcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens \
         AttemptFails EstabResets CurrEstab InSegs\nTcp: 1 200 120000 -1 2 3 4 5 {} 7\n",
        number()
    );
    (sockstat, sockstat6, snmp)
}

/// Where recordings are written: beside the binaries, one directory for each user of them.
#[must_use]
pub fn place(built: &Path, user: &str) -> PathBuf {
    built.join("conformance-recordings").join(user)
}
