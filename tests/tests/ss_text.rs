//! Text tables of ss that a write broke off: which rows are left of a line, and which come after
//! it.

use std::path::Path;

use conformance::case::Case;
use conformance::fixture;
use conformance::hall::{Hall, built};
use conformance::stage::Setting;
use conformance::tool::Tool;

const TITLE: &str = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt \
                     uid  timeout inode\n";
const V4: [&str; 2] = [
    "   0: 0100007F:1F90 00000000:0000 0A 00000007:00000005 00:00000000 00000000  1000        0 \
     4711 1 ffff8880 100 0 0 10 0",
    "   1: 0100007F:0016 0200007F:0017 01 00000001:00000002 01:00000064 00000003  1001        4 \
     4712 2 ffff8881 20 4 30 10 -1\n",
];
const V6: [&str; 2] = [
    "   0: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A \
     00000000:00000005 00:00000000 00000000  1000        0 4711 1 ffff8880 100 0 0 10 0",
    "   1: 0000000000000000FFFF00000100007F:0016 0000000000000000FFFF00000200007F:0017 01 \
     00000001:00000002 02:00000064 00000003  1001        4 4712 2 ffff8881 20 4 30 10 -1\n",
];

/// Asks for a table whose first line ends after each number of bytes, with a line after it and
/// without.
fn broken_off(table: &str, six: &str, lines: [&str; 2], step: usize) {
    let Some(mut hall) = Hall::recorded(Tool::Ss, Setting::Empty) else {
        return;
    };
    let place = fixture::place(built(), "ss-text");
    std::fs::create_dir_all(&place).expect("recordings");
    let (file, other) = match six {
        "" => (table.to_owned(), format!("{table}6")),
        six => (format!("{table}{six}"), table.to_owned()),
    };
    for length in (0..=lines[0].len()).step_by(step) {
        for after in ["", lines[1]] {
            let newline = if after.is_empty() { "" } else { "\n" };
            let text = format!("{TITLE}{}{newline}{after}", &lines[0][..length]);
            let path = place.join(format!("{file}-{length}-{}", after.len()));
            std::fs::write(&path, text).expect("a table");
            hall.case(&asked(table, &file, &path, &other));
        }
    }
    hall.close();
}

fn asked(table: &str, file: &str, path: &Path, other: &str) -> Case {
    let variable = |file: &str| format!("PROC_NET_{}", file.to_uppercase());
    let mut case = Case::words(Tool::Ss, &format!("-Hnaoei -A {table}"));
    case.env = vec![
        (variable(file).into(), path.into()),
        (variable(other).into(), "/dev/null".into()),
    ];
    case
}

#[test]
fn a_line_of_tcp_may_break_off_anywhere() {
    broken_off("tcp", "", V4, 1);
}

#[test]
fn a_line_of_tcp6_may_break_off_anywhere() {
    broken_off("tcp", "6", V6, 1);
}

#[test]
fn a_line_of_udp_or_raw_may_break_off_anywhere() {
    broken_off("udp", "", V4, 3);
    broken_off("raw", "6", V6, 3);
}

#[test]
fn a_state_counts_by_its_second_digit() {
    let Some(mut hall) = Hall::recorded(Tool::Ss, Setting::Empty) else {
        return;
    };
    let place = fixture::place(built(), "ss-text");
    std::fs::create_dir_all(&place).expect("recordings");
    let [first, second] = V4;
    let (before, behind) = first.split_once(" 0A ").expect("a state");
    for (number, state) in [
        "A", "0a", "0G", "0:", "0K", "0Z", "XA", "x0A", " 0A", "FFA", "",
    ]
    .iter()
    .enumerate()
    {
        let text = format!("{TITLE}{before} {state} {behind}\n{second}");
        let path = place.join(format!("state-{number}"));
        std::fs::write(&path, text).expect("a table");
        hall.case(&asked("tcp", "tcp", &path, "tcp6"));
    }
    for (number, (from, to)) in [
        ("1F90", "1F9"),
        ("1F90", "1F90F"),
        ("0100007F", "100007F"),
        ("0100007F", "0100007FF"),
        ("0100007F", "0100007G"),
        ("1F90", "1F9G"),
        (": 01", ":01"),
        (": 01", ":  01"),
        ("   0:", ":"),
        ("00000007:00000005", "7 5"),
        ("00000007:00000005", "-1:1FFFFFFFF"),
        ("00000007:00000005", "0x5:0x6"),
        ("1000", "99999999999"),
        ("4711", "99999999999999999"),
        ("4711", "-5"),
    ]
    .iter()
    .enumerate()
    {
        let text = format!("{TITLE}{}\n{second}", first.replacen(from, to, 1));
        let path = place.join(format!("column-{number}"));
        std::fs::write(&path, text).expect("a table");
        hall.case(&asked("tcp", "tcp", &path, "tcp6"));
    }
    hall.close();
}
