//! ss over dumps that a stand-in for the kernel hands out: every family, also those that the
//! kernel here does not have, with random members.

use std::path::PathBuf;

use conformance::case::Case;
use conformance::fixture::families::{self, End, FILES, record};
use conformance::fixture::place;
use conformance::hall::{Hall, built};
use conformance::random::Dice;
use conformance::stage::Setting;
use conformance::tool::Tool;

/// Sets of random dumps.
const ROUNDS: u64 = 10;

fn directory(name: &str) -> PathBuf {
    place(built(), "ss-families").join(name)
}

/// Compares command lines over the dumps in a directory. False where that cannot be done.
fn compare(directory: PathBuf, lines: &[&str]) -> bool {
    let Some(mut hall) = Hall::recorded(Tool::Ss, Setting::Answered(directory)) else {
        return false;
    };
    for words in lines {
        hall.case(&Case::words(Tool::Ss, words));
    }
    hall.close();
    true
}

#[test]
fn dumps_of_every_family_are_printed_as_by_the_original() {
    for number in 0..ROUNDS {
        let directory = directory(&number.to_string());
        families::random(&directory, &mut Dice::new(29, number)).expect("recordings");
        if !compare(directory, LINES) {
            return;
        }
    }
}

const LINES: &[&str] = &[
    "-xan",
    "-xanem",
    "-xanepmO",
    "-0an",
    "-0anebm",
    "-0anebmpO",
    "-f netlink -an",
    "-f netlink -anpem",
    "-f netlink -arp",
    "--vsock -an",
    "--vsock -a",
    "--vsock -anepmi",
    "--tipc -an",
    "--tipc -ane --tipcinfo",
    "--tipc -anepO --tipcinfo",
    "--xdp -an",
    "--xdp -anem",
    "--xdp -anemO",
    "-Man",
    "-Mani",
    "-Maniem",
    "-San",
    "-Sani",
    "-SaniemoO",
    "-uan",
    "-uanemo",
    "-wan",
    "-wanemi",
    "-A all -an",
    "-A all -anepmi",
    "-an",
    "-an state connected",
    "-an src unix:*",
    "-xan src unix:/run/*",
];

#[test]
fn a_dump_that_fails_or_was_interrupted_ends_as_the_originals() {
    let ends = [
        ("interrupted", End::Interrupted),
        ("failed-EPERM", End::Failed(1)),
        ("failed-ENOENT", End::Failed(2)),
        ("failed-EINVAL", End::Failed(22)),
        ("failed-EOPNOTSUPP", End::Failed(95)),
        ("failed-ENOBUFS", End::Failed(105)),
        ("refused-EPERM", End::Refused(1)),
        ("refused-ENOENT", End::Refused(2)),
        ("refused-EINVAL", End::Refused(22)),
        ("refused-EOPNOTSUPP", End::Refused(95)),
        ("refused-nothing", End::Refused(0)),
    ];
    for (name, end) in ends {
        let directory = directory(name);
        for file in FILES {
            let mut dice = Dice::new(31, 7);
            let bodies = [
                families::body(file, &mut dice),
                families::body(file, &mut dice),
            ];
            families::put(&directory, file, &bodies, end).expect("recordings");
        }
        let lines = [
            "-xan",
            "-0an",
            "-f netlink -an",
            "-uan",
            "-wan",
            "-San",
            "-Man",
            "--vsock -an",
            "--tipc -an",
            "--xdp -an",
            "-an",
        ];
        if !compare(directory, &lines) {
            return;
        }
    }
}

/// 32-bit numbers, one behind the other.
fn words(numbers: &[u32]) -> Vec<u8> {
    numbers
        .iter()
        .flat_map(|number| number.to_ne_bytes())
        .collect()
}

/// `struct sock_filter`.
fn instruction(code: u16, jump_if_true: u8, jump_if_false: u8, operand: u32) -> Vec<u8> {
    let mut bytes = code.to_ne_bytes().to_vec();
    bytes.extend([jump_if_true, jump_if_false]);
    bytes.extend(operand.to_ne_bytes());
    bytes
}

/// A packet socket with everything that one can have.
fn packet_socket() -> Vec<u8> {
    let fixed = [vec![17, 3, 3, 0], words(&[7, 0x77, 0])].concat();
    let ring = words(&[4096, 4, 2048, 8, 60, 0, 1]);
    let filter = [
        instruction(0x28, 0, 0, 12),
        instruction(0x15, 0, 1, 34_525),
        instruction(0x06, 0, 0, u32::MAX),
    ];
    record(
        &fixed,
        &[
            (0, words(&[1, 1, 0, 3, 0, 0x1f])),
            (2, ring.clone()),
            (3, ring),
            (4, words(&[3 << 16 | 7])),
            (5, words(&[0])),
            (6, words(&[1, 2, 3, 4, 5, 6, 7, 8, 9])),
            (7, filter.concat()),
        ],
    )
}

fn xdp_socket() -> Vec<u8> {
    let fixed = [vec![44, 3, 0, 0], words(&[99, 0x1234, 0])].concat();
    record(
        &fixed,
        &[
            (1, words(&[1, 4])),
            (2, words(&[1000])),
            (3, words(&[2048])),
            (4, words(&[1024])),
            (5, words(&[4_194_304, 0, 3, 1024, 4096, 256, 1, 4, 1, 2])),
            (6, words(&[2048])),
            (7, words(&[512])),
            (8, words(&[1, 2, 3, 4, 5, 6, 7, 8, 9])),
            (9, words(&[1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0])),
        ],
    )
}

/// A TIPC socket; one with a connection by name that publishes a service as well.
fn tipc_socket(kind: u32, by_name: bool) -> Vec<u8> {
    let statistics = record(&[], &[(0, words(&[3])), (1, words(&[4])), (4, words(&[0]))]);
    let mut members = vec![
        (1, words(&[5])),
        (2, words(&[6])),
        (5, statistics),
        (6, words(&[kind])),
        (7, words(&[99])),
        (8, words(&[1000])),
        (9, words(&[1])),
        (10, words(&[1, 2])),
    ];
    if by_name {
        let connection = [
            (1, Vec::new()),
            (2, words(&[8])),
            (3, words(&[9])),
            (4, words(&[18_888])),
            (5, words(&[17])),
        ];
        members.push((3, record(&[], &connection)));
        members.push((4, Vec::new()));
    }
    record(&[], &[(2, record(&[], &members))])
}

#[test]
fn worked_examples_of_families_that_are_rare_are_printed_as_by_the_original() {
    let directory = directory("examples");
    let sockets = [
        ("17", vec![packet_socket()]),
        ("44", vec![xdp_socket()]),
        ("30", vec![tipc_socket(1, true), tipc_socket(4, false)]),
    ];
    for (file, bodies) in sockets {
        families::put(&directory, file, &bodies, End::Whole).expect("recordings");
    }
    let lines = [
        "-0HOebm",
        "-0Hebm",
        "-0ane",
        "-0anb",
        "-0anm",
        "--xdp -He",
        "--xdp -HeO",
        "--xdp -Hem",
        "--tipc -Ha -n --tipcinfo",
        "--tipc -Ha --tipcinfo -O",
        "--tipc -anep",
    ];
    compare(directory, &lines);
}
