//! JSON of a whole scene against the fields of the original: every member of every row, in the
//! order of the keys.

use conformance::case::Case;
use conformance::compare::{Seen, agree};
use conformance::hall::{skip, the_original_itself};
use conformance::json::KEYS;
use conformance::pair::both;
use conformance::protocol::Response;
use conformance::subject::Suite;
use conformance::text::lines;
use conformance::tool::Tool;

/// How many of [`KEYS`] are of the process.
const OF_PROCESS: usize = 8;

/// The order of the fields of a process and of a file.
const ORDER: &[u8] = b"pKMgRcuLfaltGdDrsoikPn";

/// Reads JSON as far as this tool writes it, and takes nothing else.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn eat(&mut self, text: &str) -> bool {
        let rest = self.0.strip_prefix(text.as_bytes());
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn expect(&mut self, text: &str) {
        let here = String::from_utf8_lossy(&self.0[..self.0.len().min(80)]).into_owned();
        assert!(self.eat(text), "{text} is not at {here}");
    }

    fn number(&mut self) -> Vec<u8> {
        let end = self
            .0
            .iter()
            .position(|byte| !b"-0123456789".contains(byte));
        let (number, rest) = self.0.split_at(end.expect("something follows"));
        assert!(!number.is_empty());
        self.0 = rest;
        number.to_vec()
    }

    /// The bytes that a string stands for.
    fn string(&mut self) -> Vec<u8> {
        self.expect("\"");
        let mut value = Vec::new();
        loop {
            let (&byte, rest) = self.0.split_first().expect("the string ends");
            self.0 = rest;
            match byte {
                b'"' => return value,
                b'\\' => {
                    let (&escape, rest) = self.0.split_first().expect("an escape");
                    self.0 = rest;
                    value.push(match escape {
                        b'"' | b'\\' => escape,
                        b'b' => 8,
                        b'f' => 12,
                        b'n' => b'\n',
                        b'r' => b'\r',
                        b't' => b'\t',
                        b'u' => {
                            let (digits, rest) = self.0.split_at(4);
                            self.0 = rest;
                            let digits = str::from_utf8(digits).expect("digits");
                            u8::from_str_radix(digits, 16).expect("a control byte")
                        }
                        other => panic!("escape {other}"),
                    });
                }
                0..=31 => panic!("a control byte {byte}"),
                _ => value.push(byte),
            }
        }
    }

    /// The members of `keys` that are there, in their order, separated by commas.
    fn members(&mut self, keys: &[(u8, &str, bool)], first: &mut bool) -> Vec<(u8, Vec<u8>)> {
        let mut members = Vec::new();
        for &(letter, key, text) in keys {
            let comma = if *first { "" } else { "," };
            if !self.eat(&format!("{comma}\"{key}\":")) {
                continue;
            }
            *first = false;
            let value = if text { self.string() } else { self.number() };
            members.push((letter, value));
        }
        members
    }

    /// The members of a file, with what stands for them in a row of fields.
    fn file(&mut self, first: &mut bool) -> Vec<u8> {
        let mut members = self.members(&KEYS[OF_PROCESS..], first);
        for letter in [b'a', b'l'] {
            if !members.iter().any(|member| member.0 == letter) {
                members.push((letter, b" ".to_vec()));
            }
        }
        if !members.iter().any(|member| member.0 == b'n') {
            members.push((b'n', Vec::new()));
        }
        let mut row = row(members);
        if self.eat(",\"tcp_info\":{") {
            let mut comma = "";
            for (name, key, text) in [
                ("ST", "state", true),
                ("QR", "recv_queue", false),
                ("QS", "send_queue", false),
            ] {
                if self.eat(&format!("{comma}\"{key}\":")) {
                    let value = if text { self.string() } else { self.number() };
                    row.extend_from_slice(format!("T{name}=").as_bytes());
                    row.extend(value);
                    row.push(0);
                    comma = ",";
                }
            }
            self.expect("}");
        }
        row.push(b'\n');
        row
    }
}

/// Members as fields, each before a NUL.
fn row(members: Vec<(u8, Vec<u8>)>) -> Vec<u8> {
    let mut text = Vec::new();
    for &letter in ORDER {
        for (_, value) in members.iter().filter(|member| member.0 == letter) {
            text.push(letter);
            match letter {
                b'o' => text.extend_from_slice(b"0t"),
                b'n' | b'c' => {
                    text.extend(escaped(value));
                    text.push(0);
                    continue;
                }
                _ => {}
            }
            text.extend_from_slice(value);
            text.push(0);
        }
    }
    text
}

/// As names are written in the locale C.
fn escaped(name: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    for &byte in name {
        match byte {
            b'\\' => text.extend_from_slice(b"\\\\"),
            8 => text.extend_from_slice(b"\\b"),
            12 => text.extend_from_slice(b"\\f"),
            b'\n' => text.extend_from_slice(b"\\n"),
            b'\r' => text.extend_from_slice(b"\\r"),
            b'\t' => text.extend_from_slice(b"\\t"),
            0..=31 => text.extend([b'^', byte + 0x40]),
            b' '..=b'~' => text.push(byte),
            _ => text.extend(format!("\\x{byte:02x}").into_bytes()),
        }
    }
    text
}

/// The rows of fields that an object of all, or one of each row, stands for.
fn rows(json: &[u8], together: bool) -> Vec<u8> {
    let mut text = Vec::new();
    if together {
        let mut reader = Reader(json);
        reader.expect("{\"lsof_version\":\"4.99.7\",\"processes\":[");
        let mut comma = "";
        while !reader.eat("]}\n") {
            reader.expect(comma);
            reader.expect("{");
            text.extend(row(reader.members(&KEYS[..OF_PROCESS], &mut true)));
            text.push(b'\n');
            reader.expect(",\"files\":[");
            let mut between = "";
            while !reader.eat("]}") {
                reader.expect(between);
                reader.expect("{");
                text.extend(reader.file(&mut true));
                reader.expect("}");
                between = ",";
            }
            comma = ",";
        }
        assert!(reader.0.is_empty());
        return text;
    }
    let mut last = Vec::new();
    for line in lines(json) {
        let mut reader = Reader(line);
        reader.expect("{");
        let mut first = true;
        let mut process = row(reader.members(&KEYS[..OF_PROCESS], &mut first));
        process.push(b'\n');
        if process != last {
            text.extend_from_slice(&process);
        }
        last = process;
        text.extend(reader.file(&mut first));
        reader.expect("}\n");
        assert!(reader.0.is_empty());
    }
    text
}

#[test]
fn json_of_a_whole_scene_tells_what_the_fields_tell() {
    if the_original_itself() {
        return skip("JSON", "the originals here have none");
    }
    let Some((mut stage, [original, ours])) = both(Tool::Lsof, "all") else {
        return;
    };
    let suite = Suite::preferred(Tool::Lsof);
    for selection in [
        "-nP",
        "-nP -K i -E",
        "-nP -i",
        "-U",
        "-nP -l +L1",
        "-P -c front",
    ] {
        // Offsets are decimal in JSON.
        let fields_case = Case::words(Tool::Lsof, &format!("-o0 -F0 {selection}"))
            .fill(stage.facts())
            .expect("facts");
        let theirs = stage
            .run(&fields_case, &original)
            .expect("the scene goes on");
        let theirs = Seen::of(&fields_case, theirs);
        let rows_of_theirs = lines(&theirs.stdout).count();
        assert!(rows_of_theirs > 10, "{selection}: {rows_of_theirs}");
        for (option, together) in [("-j", false), ("-J", true)] {
            let case = Case::words(Tool::Lsof, &format!("{option} -F {selection}"));
            let response = stage.run(&case, &ours).expect("the scene goes on");
            // A row of lines asks for a user once more than a process of fields.
            let stderr = if together {
                response.stderr.clone()
            } else {
                let known = |line: &&[u8]| !lines(&theirs.stderr).any(|other| other == *line);
                let news = lines(&response.stderr).filter(known);
                [&theirs.stderr[..], &news.collect::<Vec<_>>().concat()].concat()
            };
            let seen = Seen::of(
                &fields_case,
                Response {
                    stdout: rows(&response.stdout, together),
                    stderr,
                    ..response
                },
            );
            if let Err(disagreement) = agree(&fields_case, suite, &theirs, &seen) {
                panic!("{option} {selection}:\n{}", disagreement.show(20));
            }
        }
    }
}
