//! The command line of the scene maker.

use std::ffi::{OsStr, OsString};
use std::str::FromStr;

use super::catalog::{self, Scene, load::Load};
use super::stage::Tables;

/// What to do with the scene.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Only say which scenes there are.
    List,
    /// Tell its facts.
    Describe,
    /// Run what is asked for through standard input.
    Serve,
    /// Run one command.
    Run(Vec<OsString>),
}

/// The command line, understood.
pub(crate) struct Options {
    pub(crate) scenes: Vec<&'static Scene>,
    pub(crate) action: Action,
    pub(crate) load: Load,
    pub(crate) tables: Tables,
}

const USAGE: &str = "usage: scene --list
       scene NAME... [--hash BUCKETS] {--describe | --serve | -- COMMAND ARG...}
       scene load [--sockets N] [--processes N] [--files N] [--listeners N] [--udp N] [--unix N]
                  [--routes N] [--threads N] ...
--hash 0 leaves the socket tables at the machine's size";

impl Options {
    /// Reads the words after the program's name.
    ///
    /// # Errors
    /// A text that says what is wrong.
    pub(crate) fn parse(words: &[OsString]) -> Result<Self, String> {
        let mut scenes = Vec::new();
        let mut action = None;
        let mut load = Load::default();
        let mut buckets = None;
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let number = |words: &mut std::slice::Iter<'_, OsString>| -> Result<u32, String> {
                let value = words.next().and_then(|value| value.to_str());
                value
                    .and_then(|value| u32::from_str(value).ok())
                    .ok_or_else(|| format!("{} wants a number", word.to_string_lossy()))
            };
            match word.to_str() {
                Some("--") => {
                    action = Some(Action::Run(words.by_ref().cloned().collect()));
                }
                Some("--list") => action = Some(Action::List),
                Some("--describe") => action = Some(Action::Describe),
                Some("--serve") => action = Some(Action::Serve),
                Some("--hash") => buckets = Some(number(&mut words)?),
                Some("--sockets") => load.sockets = number(&mut words)?,
                Some("--processes") => load.processes = number(&mut words)?.max(1),
                Some("--files") => load.files = number(&mut words)?,
                Some("--listeners") => load.listeners = number(&mut words)?,
                Some("--udp") => load.udp = number(&mut words)?,
                Some("--unix") => load.unix = number(&mut words)?,
                Some("--routes") => load.routes = number(&mut words)?,
                Some("--threads") => load.threads = number(&mut words)?,
                _ => scenes.push(scene_named(word)?),
            }
        }
        let action = action.ok_or(USAGE)?;
        if scenes.is_empty() && action != Action::List {
            return Err(USAGE.to_owned());
        }
        let tables = match buckets {
            Some(0) => Tables::Machine,
            Some(buckets) => Tables::Own(buckets),
            None => Tables::Own(load.sockets.max(1024)),
        };
        Ok(Self {
            scenes,
            action,
            load,
            tables,
        })
    }
}

fn scene_named(word: &OsStr) -> Result<&'static Scene, String> {
    catalog::SCENES
        .iter()
        .find(|scene| *scene.name == *word)
        .ok_or_else(|| format!("no scene called {}\n{USAGE}", word.to_string_lossy()))
}
