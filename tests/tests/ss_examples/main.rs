//! The worked examples of extended output: messages with the numbers of each example, its text word
//! for word, and the original over the same messages.
//!
//! What only the machine could give (the path of a control group) is left out of the messages.

mod details;
mod example;
mod messages;
mod states;

use applet::{Environment, Invocation, Screen, Streams};
use conformance::case::Case;
use conformance::fixture::{diag, place};
use conformance::hall::{Hall, built};
use conformance::tool::Tool;

use crate::example::Example;

fn examples() -> Vec<Example> {
    [
        states::timers(),
        states::live_numbers(),
        states::ends(),
        details::options(),
        details::every_member(),
        details::numbers(),
        details::control(),
        details::layers(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Writes an example's messages.
fn written(user: &str, example: &Example) -> std::path::PathBuf {
    let directory = place(built(), user);
    std::fs::create_dir_all(&directory).expect("recordings");
    let path = directory.join(example.name.replace(' ', "-"));
    std::fs::write(&path, diag::file(example.messages.clone())).expect("recordings");
    path
}

#[test]
fn examples_are_printed_word_for_word() {
    let mut report = String::new();
    for example in examples() {
        let path = written("ss-examples-words", &example);
        for (line, text) in &example.lines {
            let case = Case::words(Tool::Ss, line);
            let invocation = Invocation {
                argv0: "ss".into(),
                args: case.args,
                env: Environment::Fixed(vec![("TCPDIAG_FILE".into(), path.clone().into())]),
            };
            let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
            let mut streams = Streams::captured(
                Box::new(&mut stdout),
                Box::new(&mut stderr),
                Screen::default(),
            );
            let exit = (rss::APPLET.main)(&invocation, &mut streams);
            streams.out.flush_all();
            streams.err.flush_all();
            drop(streams);
            let told = String::from_utf8_lossy(&stdout);
            let wanted = text.replace('·', " ").replace('⇥', "\t");
            if (exit.0, &*told, stderr.as_slice()) != (0, &wanted, b"") {
                report.push_str(&format!("{}: {line}\n-{wanted}+{told}", example.name));
            }
        }
    }
    assert!(report.is_empty(), "{report}");
}

#[test]
fn examples_are_printed_as_by_the_original() {
    let Some(mut hall) = Hall::open(Tool::Ss, "empty") else {
        return;
    };
    for example in examples() {
        let path = written("ss-examples", &example);
        let lines = example.lines.iter().map(|(line, _)| *line);
        for line in lines.chain(["-taneimoO --tos --cgroup --inet-sockopt", "-tanmi"]) {
            hall.case(&Case::words(Tool::Ss, line).with("TCPDIAG_FILE", path.clone()));
        }
    }
    hall.close();
}
