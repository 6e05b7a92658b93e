//! ss where a case needs more than a command line: files that it reads or wrote itself, named
//! namespaces, maps of the scene, other destinations.

use conformance::case::Case;
use conformance::fixture::{diag, diag::Message, place};
use conformance::hall::{Hall, built};
use conformance::protocol::Output;
use conformance::random::Dice;
use conformance::tool::Tool;

fn ss(words: &str) -> Case {
    Case::words(Tool::Ss, words)
}

/// A file for a case.
fn file(name: &str, bytes: &[u8]) -> std::path::PathBuf {
    let directory = place(built(), "ss-rows");
    std::fs::create_dir_all(&directory).expect("recordings");
    let path = directory.join(name);
    std::fs::write(&path, bytes).expect("recordings");
    path
}

#[test]
fn trailing_blanks_are_the_originals_for_every_destination() {
    let Some(mut hall) = Hall::open(Tool::Ss, "tcp+udp") else {
        return;
    };
    // Live sockets retransmit between one command and the next; those of a dump do not.
    let dump = file("still", &diag::random(&mut Dice::new(43, 0), 60));
    for output in [Output::Pipe, Output::Terminal(100), Output::File] {
        for words in ["-tn", "-tnp", "-tBnei", "-HtBnei", "-tuan"] {
            hall.case(&ss(words).to(output));
        }
        for words in ["-tn", "-tne", "-tnpe"] {
            hall.case(&ss(words).to(output).with("TCPDIAG_FILE", dump.clone()));
        }
    }
    for words in [
        "-trn",
        "-tuan sport = :tftp",
        "-tuan sport = :ssh",
        "-uan sport = :domain",
    ] {
        hall.case(&ss(words));
    }
    hall.close();
}

#[test]
fn a_dump_is_read_back_as_by_the_original() {
    let Some(mut hall) = Hall::open(Tool::Ss, "tcp") else {
        return;
    };
    // Ours is the last to write.
    let path = file("dump", b"");
    for (write, reads) in [
        ("-t", ["-tan", "-t6", "-tanie"]),
        ("-ti state all", ["-tani", "-taneimo", "-tan sport = :22"]),
        (
            "-tim --tos state listening",
            ["-tanim --tos", "-tl", "-tanO"],
        ),
    ] {
        hall.case(&ss(&format!("-D {} {write}", path.display())));
        for read in reads {
            hall.case(&ss(read).with("TCPDIAG_FILE", path.clone()));
        }
    }
    hall.close();
}

/// A port that connections get by themselves is no service, whatever its name.
#[test]
fn services_of_the_range_of_ports_have_no_name() {
    let Some(mut hall) = Hall::open(Tool::Ss, "empty") else {
        return;
    };
    let one = [10, 0, 0, 1];
    let messages = [22, 25, 80, 443, 2000].map(|port| Message::inet(1, (one, port), (one, 110)));
    let dump = file("services", &diag::file(messages));
    let ranges = [
        "22\t80\n",
        "80 443",
        "1 65535\n",
        "443 22\n",
        "x\n",
        "",
        "25",
    ];
    for (number, range) in ranges.into_iter().enumerate() {
        let range = file(&format!("range-{number}"), range.as_bytes());
        for words in ["-ta", "-tan", "-ta sport = :http"] {
            hall.case(
                &ss(words)
                    .with("TCPDIAG_FILE", dump.clone())
                    .with("PROC_IP_LOCAL_PORT_RANGE", range.clone()),
            );
        }
    }
    hall.close();
}

#[test]
fn a_named_namespace_is_listed_as_by_the_original() {
    let Some(mut hall) = Hall::open(Tool::Ss, "namespaces") else {
        return;
    };
    hall.lines(&[
        "-N {NETNS} -ltn",
        "-N {NETNS} -an",
        "-N {NETNS} -tanp",
        "--net {NETNS} -s",
        "-N broken -ltn",
        "-N ../netns/{NETNS} -ltn",
    ]);
    hall.close();
}

#[test]
fn values_of_maps_are_printed_as_by_the_original() {
    let Some(mut hall) = Hall::open(Tool::Ss, "tcp") else {
        return;
    };
    for words in [
        "-tan --bpf-map-id={BPF_FIRST_MAP}",
        "-tlnH --bpf-map-id={BPF_FIRST_MAP}",
        "-tanO --bpf-map-id={BPF_SECOND_MAP}",
        "-tan --bpf-map-id={BPF_FIRST_MAP} --bpf-map-id={BPF_SECOND_MAP}",
        "-tanH --bpf-maps",
        "-tan --bpf-map-id={BPF_FIRST_MAP} sport = :5100",
    ] {
        hall.case(&ss(words));
    }
    hall.close();
}

#[test]
fn widths_change_at_the_row_at_which_the_originals_do() {
    let Some(mut hall) = Hall::recorded(Tool::Ss, conformance::stage::Setting::Empty) else {
        return;
    };
    let lines: [(usize, &[&str]); 2] = [
        (
            14_000,
            &["-tan", "-tn", "-tanO", "-HtanQ", "-tano", "-tane"],
        ),
        (200_000, &["-tan", "-tanoO"]),
    ];
    for (count, lines) in lines {
        let messages = diag::random(&mut Dice::new(41, count as u64), count);
        let path = file(&format!("random-{count}"), &messages);
        for words in lines {
            hall.case(&ss(words).with("TCPDIAG_FILE", path.clone()));
        }
    }
    hall.close();
}
