//! `cargo xtask parity`: random command lines, the original's answers against ours.

use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use crate::case::Case;
use crate::compare::{Verdict, judge};
use crate::fixture;
use crate::generate::{self, Pool};
use crate::protocol::Identity;
use crate::random::Dice;
use crate::stage::{self, Setting, Stage, is_root};
use crate::subject::{Subject, Suite, link_names, version};
use crate::tool::Tool;

/// What was asked for.
#[derive(Clone, Debug)]
pub struct Campaign {
    /// The tools; empty means all.
    pub tools: Vec<Tool>,
    /// What all choices follow from.
    pub seed: u64,
    /// Command lines per tool and scene.
    pub cases: u64,
    /// Only this case.
    pub only: Option<u64>,
    /// Which originals; none means the preferred suite of each tool.
    pub suite: Option<Suite>,
    /// The scenes; empty means all that suit the tool.
    pub scenes: Vec<String>,
    /// What stands in the place of ours: another suite's originals, to try the comparison itself.
    pub subject: Option<Suite>,
    /// Lines of each stream that a difference shows.
    pub lines: usize,
    /// Differences that are shown per tool and scene.
    pub shown: usize,
    /// Whether cases in which the original does not agree with itself are shown too.
    pub racy: bool,
}

impl Default for Campaign {
    fn default() -> Self {
        Self {
            tools: Vec::new(),
            seed: 1,
            cases: 500,
            only: None,
            suite: None,
            scenes: Vec::new(),
            subject: None,
            lines: 3,
            shown: 20,
            racy: false,
        }
    }
}

const USAGE: &str = "usage: cargo xtask parity [netstat|ss|lsof]... [--seed S] [--cases N] \
[--suite trixie|sid|installed] [--scene NAME]... [--only K] [--lines N] [--show N] \
[--against SUITE] [--racy]";

impl Campaign {
    /// Reads the words after `parity`.
    ///
    /// # Errors
    /// What is wrong with them, in words.
    pub fn parse(words: &[String]) -> Result<Self, String> {
        let mut campaign = Self::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut value = || {
                words
                    .next()
                    .ok_or_else(|| format!("{word} needs a value\n{USAGE}"))
            };
            let number = |text: &String| {
                text.parse::<u64>()
                    .map_err(|_| format!("{text} is no number\n{USAGE}"))
            };
            let suite = |text: &String| {
                Suite::named(text).ok_or_else(|| format!("no suite is called {text}\n{USAGE}"))
            };
            match word.as_str() {
                "--seed" => campaign.seed = number(value()?)?,
                "--cases" => campaign.cases = number(value()?)?,
                "--only" => campaign.only = Some(number(value()?)?),
                "--lines" => campaign.lines = number(value()?)? as usize,
                "--show" => campaign.shown = number(value()?)? as usize,
                "--racy" => campaign.racy = true,
                "--suite" => campaign.suite = Some(suite(value()?)?),
                "--against" => campaign.subject = Some(suite(value()?)?),
                "--scene" => campaign.scenes.push(value()?.clone()),
                name => match Tool::named(name) {
                    Some(tool) => campaign.tools.push(tool),
                    None => return Err(format!("no tool is called {name}\n{USAGE}")),
                },
            }
        }
        Ok(campaign)
    }
}

/// The count of one tool in one scene.
#[derive(Debug, Default)]
struct Count {
    agree: u64,
    /// Of those that agree, the ones with something on standard output.
    listed: u64,
    differ: u64,
    racy: u64,
    unrun: u64,
    declared: Vec<(&'static str, u64)>,
}

/// Runs the campaign with the binaries that cargo put to `built`; true when nothing differs.
///
/// # Errors
/// In words, when it could not be run at all.
pub fn run(campaign: &Campaign, built: &Path, report: &mut dyn Write) -> Result<bool, String> {
    let words = |error: std::io::Error| error.to_string();
    let tools = if campaign.tools.is_empty() {
        &Tool::ALL[..]
    } else {
        &campaign.tools
    };
    let links = link_names(built).map_err(words)?;
    let mut clean = true;
    for &tool in tools {
        let suite = campaign.suite.unwrap_or_else(|| Suite::preferred(tool));
        let theirs = Subject::original(tool, suite)?;
        let ours = match campaign.subject {
            Some(other) => vec![Subject::original(tool, other)?],
            None => [Subject::linked(tool, &links), Subject::own(tool, &links)]
                .map(|ours| ours.with_library_of(&theirs))
                .to_vec(),
        };
        let heading = format!(
            "{tool}: {suite} is {}",
            version(&theirs),
            suite = suite.name()
        );
        writeln!(report, "{heading}").map_err(words)?;
        let scenes = if campaign.scenes.is_empty() {
            default_scenes(tool)
        } else {
            campaign.scenes.clone()
        };
        for scene in scenes {
            let mut stage =
                open(tool, &scene, built).map_err(|error| format!("{scene}: {error}"))?;
            let count = sweep(
                campaign, tool, &scene, &mut stage, suite, &theirs, &ours, report,
            )?;
            clean &= count.differ == 0;
        }
    }
    Ok(clean)
}

/// Opens a scene by the name that is given on the command line.
fn open(tool: Tool, scene: &str, built: &Path) -> std::io::Result<Stage> {
    if let Some(number) = scene.strip_prefix(RECORDED) {
        let number = number.parse().unwrap_or(0);
        let (setting, facts) = stage::recording(tool, number, built, "parity")?;
        let mut stage = Stage::open(built, setting)?;
        stage.tell(facts);
        return Ok(stage);
    }
    Stage::open(built, Setting::Scene(scene.to_owned()))
}

/// Before a recording: what leads both sides to it.
fn lead(case: Case, scene: &str, number: u64) -> Case {
    let mut dice = Dice::new(13, number);
    match case.tool {
        _ if !scene.starts_with(RECORDED) => case,
        Tool::Ss => {
            let dump = match dice.below(10) {
                0 => "FOUR".to_owned(),
                1 => dice.one_of(&["CUT", "ERROR"]).to_owned(),
                _ => format!("RANDOM{}", dice.below(fixture::RANDOM_DUMPS)),
            };
            let case = case.with("TCPDIAG_FILE", format!("{{DUMP_{dump}}}"));
            if dice.chance(50) {
                case.with("PROC_ROOT", "{NO_FILES}")
            } else {
                case
            }
        }
        Tool::Netstat | Tool::Lsof => {
            let mut case = case;
            case.own_env.push(("PROC_ROOT".into(), "/proc".into()));
            case
        }
    }
}

/// How the names of scenes that are recordings begin; a number may follow.
const RECORDED: &str = "recorded";

/// The scenes that suit a tool.
fn default_scenes(tool: Tool) -> Vec<String> {
    let names: &[&str] = match tool {
        Tool::Ss => &["all", "recorded"],
        Tool::Netstat => &[
            "all",
            "interfaces",
            "routes",
            "recorded0",
            "recorded2",
            "recorded5",
        ],
        Tool::Lsof => &["all", "lsof", "mounts"],
    };
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[expect(
    clippy::too_many_arguments,
    reason = "the parts of one sweep, each its own thing"
)]
fn sweep(
    campaign: &Campaign,
    tool: Tool,
    scene: &str,
    stage: &mut Stage,
    suite: Suite,
    theirs: &Subject,
    ours: &[Subject],
    report: &mut dyn Write,
) -> Result<Count, String> {
    let words = |error: std::io::Error| error.to_string();
    let mut pool = Pool::of(stage.facts());
    pool.look_around(stage).map_err(words)?;
    let mut count = Count::default();
    let started = Instant::now();
    let numbers = match campaign.only {
        Some(number) => number..number + 1,
        None => 0..campaign.cases,
    };
    for number in numbers {
        let case = generate::case(tool, campaign.seed, number, &pool);
        let mut case = lead(case, scene, number);
        if !is_root() {
            case.identity = Identity::Root;
        }
        let Ok(case) = case.fill(stage.facts()) else {
            count.unrun += 1;
            continue;
        };
        let ours = &ours[number as usize % ours.len()];
        let verdict = judge(stage, &case, suite, theirs, ours)
            .map_err(|error| format!("{tool} case {number} ({}): {error}", case.shell()))?;
        match verdict {
            Verdict::Agree { declared, listed } => {
                count.agree += 1;
                count.listed += u64::from(listed);
                for name in declared {
                    match count.declared.iter_mut().find(|(known, _)| *known == name) {
                        Some((_, times)) => *times += 1,
                        None => count.declared.push((name, 1)),
                    }
                }
            }
            Verdict::Racy(disagreement) => {
                count.racy += 1;
                if campaign.racy {
                    let text = format!(
                        "\nracy: {}\n{}",
                        case.shell(),
                        disagreement.show(campaign.lines)
                    );
                    report.write_all(text.as_bytes()).map_err(words)?;
                }
            }
            Verdict::Unrun(_) => count.unrun += 1,
            Verdict::Differ(disagreement) => {
                count.differ += 1;
                if count.differ <= campaign.shown as u64 || campaign.only.is_some() {
                    let mut text = String::new();
                    let _ = writeln!(text, "\n{}", case.shell());
                    text.push_str(&disagreement.show(campaign.lines));
                    let _ = writeln!(
                        text,
                        "  again: cargo xtask parity {tool} --suite {} --scene {scene} --seed {} --only {number}",
                        suite.name(),
                        campaign.seed
                    );
                    report.write_all(text.as_bytes()).map_err(words)?;
                }
            }
        }
    }
    let total = count.agree + count.differ;
    let mut text = format!(
        "{tool} in scene {scene} against {}: {} of {total} agree ({} of them with a listing), {} discarded as racy, {} not run, {:.1} s\n",
        suite.name(),
        count.agree,
        count.listed,
        count.racy,
        count.unrun,
        started.elapsed().as_secs_f64()
    );
    for (name, times) in &count.declared {
        let _ = writeln!(text, "  declared: {name} ({times})");
    }
    report.write_all(text.as_bytes()).map_err(words)?;
    Ok(count)
}
