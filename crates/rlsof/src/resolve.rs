//! Decides what is listed and how: the options become criteria and a plan, and everything wrong
//! with them is said, in the original's order. Nobody looks at the options afterwards.

pub(crate) mod address;
pub(crate) mod lists;

use std::time::Duration;

use applet::{Exit, Streams};
use sockcore::System;
use sockcore::addr::InetFamily;

use crate::ground::{Care, Ground, without_trailing_slashes};
use crate::mounts::Exemption;
use crate::options::{Options, Step};
use crate::output::lookup::Wanted;
use crate::output::style::{FlagStyle, Form, InfoShown, Letters, SizeColumn, Style};
use crate::paths::{self, Manner, Stop};
use crate::plan::{Endpoints, Gathering, Plan, Shows};
use crate::selection::contexts::Context;
use crate::selection::networks::{Any, Argument};
use crate::selection::{Bits, Mark, Selection};
use crate::usage::{self, Build};
use crate::voice::{Voice, printable};

/// More entries of `-i` are refused.
const NETWORKS: usize = 100;

/// What the options come to.
pub(crate) struct Resolved {
    pub(crate) plan: Plan,
    pub(crate) selection: Selection,
    pub(crate) ground: Ground,
}

/// Turns options into criteria and a plan. `Err`: the run ends here.
pub(crate) fn resolve(
    program: &[u8],
    options: &Options,
    build: &Build,
    system: &System,
    streams: &mut Streams<'_>,
) -> Result<Resolved, Exit> {
    let ground = Ground::new(
        system.processes.clone(),
        Care {
            avoid: options.avoid,
            direct: options.direct,
            deadline: Duration::from_secs(options.timeout),
            warnings: options.warnings,
            supplement: options.supplement.clone(),
            report: options.report_mounts,
        },
    );
    let resolver = Resolver {
        options,
        build,
        system,
        voice: Voice { program, streams },
        selection: Selection::default(),
        ground,
        failed: false,
        crossed: false,
        networks: 0,
        contexts: false,
    };
    resolver.run()
}

struct Resolver<'r, 's> {
    options: &'r Options,
    build: &'r Build,
    system: &'r System,
    voice: Voice<'r, 's>,
    selection: Selection,
    ground: Ground,
    /// There was an option error.
    failed: bool,
    /// `+d` or `+D` named a directory.
    crossed: bool,
    /// Entries of `-i` as they count against the limit.
    networks: usize,
    /// `-Z`
    contexts: bool,
}

impl Resolver<'_, '_> {
    fn run(mut self) -> Result<Resolved, Exit> {
        self.selection.all = self.options.all;
        self.selection.tasks = self.options.tasks;
        self.selection.links = self.options.links_below;
        self.selection.nfs = self.options.nfs.then(Mark::default);
        self.selection.unix = self.options.unix;
        self.selection.leaky = self.options.endpoints != Endpoints::None;
        for typed in &self.options.steps {
            self.ground.avoid(typed.avoid);
            self.step(&typed.step, typed.warnings)?;
        }
        self.ground.avoid(self.options.avoid);
        self.check();
        let text = usage::text(self.voice.program, self.options, self.failed, self.build);
        if let Some(text) = text {
            self.voice.streams.complain(&text);
            return Err(if self.failed {
                Exit::FAILURE
            } else {
                Exit::SUCCESS
            });
        }
        self.selection.close();
        let selects = !self.selection.active().is_empty() || !self.options.names.is_empty();
        if self.options.all && !selects {
            self.voice.say(&[b"no select options to AND via -a"]);
            return Err(self.usage());
        }
        let failed = self.names()?;
        self.selection.close();
        let active = self.selection.active();
        if self.options.skip_inet && active.any(Bits::NET.or(Bits::ADDRESS)) {
            self.voice.say(&[b"-i is useless when -X is specified."]);
            return Err(self.usage());
        }
        let networks_alone = active.without(Bits::NET.or(Bits::ADDRESS)).is_empty();
        let needs_mounts = active.is_empty() || !networks_alone || self.options.report_mounts;
        if needs_mounts {
            self.read_mounts()?;
        }
        if self.options.report_mounts {
            return Err(Exit::SUCCESS);
        }
        let plan = Plan {
            program: self.voice.program.to_vec(),
            gathering: self.gathering(),
            style: self.style(),
            names: Wanted {
                logins: !self.options.numeric_users,
                hosts: self.options.host_names,
                ports: self.options.port_names,
                programs: self.options.portmap,
            },
            repeat: self.options.repeat.clone(),
            until_none: self.options.until_none,
            verbose: self.options.verbose,
            forgive: self.options.forgive,
            failed,
        };
        Ok(Resolved {
            plan,
            selection: self.selection,
            ground: self.ground,
        })
    }

    fn usage(&mut self) -> Exit {
        let text = usage::after_error(self.voice.program, self.build);
        self.voice.streams.complain(&text);
        Exit::FAILURE
    }

    fn error(&mut self, text: &[u8]) {
        self.voice.say(&[text]);
        self.failed = true;
    }

    fn errors(&mut self, texts: Vec<Vec<u8>>) {
        for text in texts {
            self.error(&text);
        }
    }

    /// Does what was typed. `Err`: the run ends at once.
    fn step(&mut self, step: &Step, warnings: bool) -> Result<(), Exit> {
        let selection = &mut self.selection;
        match step {
            Step::Error(text) => self.error(text),
            Step::QuietableError(text) => {
                self.failed = true;
                if warnings {
                    self.voice.say(&[text]);
                }
            }
            Step::Notice(text) => self.voice.say(&[text]),
            Step::Command(text) => {
                let faults = lists::command(text, &mut selection.commands);
                self.errors(faults);
            }
            Step::Pids(list) => {
                let faults = lists::numbers(list, false, &mut selection.pids);
                self.errors(faults);
            }
            Step::Groups(list) => {
                let faults = lists::numbers(list, true, &mut selection.groups);
                self.errors(faults);
            }
            Step::Users(list) => {
                let names = self.system.names.as_ref();
                let found = lists::users(list, &mut selection.users, names);
                self.errors(found.faults);
                if found.ends {
                    return Err(Exit::FAILURE);
                }
            }
            Step::Slots(list) => {
                let found = lists::slots(list, &mut selection.slots);
                for (text, quietable) in found.faults {
                    self.failed = true;
                    if warnings || !quietable {
                        self.voice.say(&[&text]);
                    }
                }
                if found.ends {
                    return Err(Exit::FAILURE);
                }
            }
            Step::Network(argument) => self.network(argument.as_deref()),
            Step::States(argument) => {
                let faults = lists::states(argument, &mut selection.states);
                self.errors(faults);
            }
            Step::Directory {
                path,
                deep,
                crossing,
            } => {
                let entered = paths::add_directory(
                    path,
                    (*deep, *crossing),
                    warnings,
                    &mut selection.names,
                    &mut self.ground,
                    &mut self.voice,
                );
                self.crossed |= entered;
                self.failed |= !entered;
            }
            Step::Exempt { path, plus } => self.exempt(path, *plus, warnings),
            Step::Context(pattern) => self.context(pattern.as_deref(), warnings),
        }
        Ok(())
    }

    fn network(&mut self, argument: Option<&[u8]>) {
        let networks = &mut self.selection.networks;
        let family = match argument {
            None => None,
            Some(argument) => match address::family(argument) {
                Some((family, [])) => Some(family),
                _ => return self.address(argument),
            },
        };
        // One family behind the other is both, and both in front of one count for nothing.
        networks.any = Some(Any {
            family: match (&networks.any, family) {
                (
                    Some(Any {
                        family: Some(known),
                        ..
                    }),
                    Some(family),
                ) if *known != family => None,
                (_, family) => family,
            },
            mark: Mark::default(),
        });
    }

    fn address(&mut self, argument: &[u8]) {
        let networks = &mut self.selection.networks;
        let known = networks
            .arguments
            .iter()
            .position(|known| known.text == argument);
        let number = known.unwrap_or(networks.arguments.len());
        let inherited: Option<InetFamily> = networks.any.as_ref().and_then(|any| any.family);
        let names = self.system.names.as_ref();
        let found = match address::read(argument, inherited, number, names) {
            Ok(found) => found,
            Err(fault) => return self.error(&fault.text(&printable(argument))),
        };
        self.networks += found.counted;
        if self.networks > NETWORKS {
            let text = format!("network address limit ({NETWORKS}) exceeded: -i ");
            return self.error(&[text.as_bytes(), &printable(argument)].concat());
        }
        networks.entries.extend(found.entries);
        if known.is_none() {
            networks.arguments.push(Argument {
                text: argument.to_vec(),
                mark: Mark::default(),
            });
        }
    }

    fn exempt(&mut self, path: &[u8], plus: bool, warnings: bool) {
        let resolved = if plus {
            Ok(path.to_vec())
        } else {
            self.ground.resolve_now(path, warnings, &mut self.voice)
        };
        let Ok(resolved) = resolved else {
            self.failed = true;
            return;
        };
        let directory = without_trailing_slashes(&resolved).to_vec();
        self.ground.exempt(Exemption { directory, plus });
    }

    fn context(&mut self, pattern: Option<&[u8]>, warnings: bool) {
        self.contexts = true;
        if !self.build.contexts() {
            return self.error(b"-Z limited to SELinux");
        }
        let Some(pattern) = pattern.filter(|pattern| !pattern.is_empty()) else {
            return;
        };
        let contexts = &mut self.selection.contexts.0;
        if contexts.iter().any(|known| known.pattern == pattern) {
            self.failed = true;
            if warnings {
                self.voice.say(&[b"duplicate context: ", pattern]);
            }
            return;
        }
        contexts.push(Context {
            pattern: pattern.to_vec(),
            mark: Mark::default(),
        });
    }

    /// What does not go together.
    fn check(&mut self) {
        let options = self.options;
        self.errors(lists::conflicts(&self.selection.states));
        if options.offset_column && options.size_column {
            self.error(b"-o and -s are mutually exclusive");
        }
        let is_json = options.json || options.json_lines;
        if options.terse && (options.fields.is_some() || is_json) {
            self.error(b"-F and -t are mutually exclusive");
        }
        let repeat = options.repeat.as_ref();
        let format = repeat.filter(|repeat| repeat.breaks_line());
        if let (Some(format), true) = (
            format.and_then(|repeat| repeat.format.as_deref()),
            options.fields.is_some(),
        ) {
            let text = b"%n illegal in -r m<fmt> when -F has been specified: \"";
            self.error(&[&text[..], format, b"\""].concat());
        }
        if options.crossing.is_some() && !self.crossed {
            self.error(b"-x must accompany +d or +D");
        }
        if options.json && options.json_lines {
            self.error(b"-J and -j are mutually exclusive");
        }
        if options.terse && is_json {
            self.error(b"-J/-j and -t are mutually exclusive");
        }
        self.check_exemptions();
    }

    fn check_exemptions(&mut self) {
        if self.ground.exemptions().is_empty() {
            return;
        }
        if self.ground.read_mounts(&mut self.voice).is_err() {
            self.failed = true;
            return;
        }
        if self.options.avoid {
            return;
        }
        let is_missing = |exemption: &&Exemption| {
            let mounts = self.ground.mounts();
            !mounts.is_some_and(|mounts| mounts.is_mount_point(&exemption.directory))
        };
        let missing = self.ground.exemptions().iter().filter(is_missing);
        let missing: Vec<_> = missing
            .map(|exemption| exemption.directory.clone())
            .collect();
        for directory in missing {
            let text = b"\" is not a mounted file system.";
            self.error(&[b"\"-e ", &*directory, text].concat());
        }
    }

    /// Enters the names. Whether one of them failed.
    fn names(&mut self) -> Result<bool, Exit> {
        let manner = Manner {
            mode: self.options.name_mode,
            forgive: self.options.forgive,
        };
        self.selection.names.asked = !self.options.names.is_empty();
        let outcome = paths::add_names(
            &self.options.names,
            manner,
            &mut self.selection.names,
            &mut self.ground,
            &mut self.voice,
        );
        match outcome {
            Ok(failed) => Ok(failed && !self.options.forgive),
            // Then they select nothing.
            Err(Stop::NoNames) if self.options.forgive => Ok(false),
            Err(_) => Err(Exit::FAILURE),
        }
    }

    fn read_mounts(&mut self) -> Result<(), Exit> {
        let outcome = self.ground.read_mounts(&mut self.voice);
        outcome.map_err(|()| Exit::FAILURE)
    }

    fn style(&self) -> Style {
        let options = self.options;
        let form = form(options, self.build);
        let by_field = match form {
            Form::Fields { letters, .. } | Form::Json { letters, .. } => letters.has(b'Z'),
            Form::Columns | Form::Terse => false,
        };
        let info = match (&form, options.fields) {
            (Form::Json { .. }, None) => InfoShown::ALL,
            _ => options.info,
        };
        Style {
            form,
            context: self.contexts || by_field,
            parent: options.parent_column,
            group: options.group_column,
            flag_column: options.flag_column,
            flag_style: options.flag_style.unwrap_or(FlagStyle::Names),
            size: match (options.offset_column, options.size_column) {
                (true, _) => SizeColumn::Offset,
                (_, true) => SizeColumn::Size,
                _ => SizeColumn::Either,
            },
            human: options.human,
            links: options.links_column,
            command_limit: options.command_limit,
            offset_digits: options.offset_digits,
            info,
            warnings: options.warnings,
            no_offsets: false,
        }
    }

    fn gathering(&self) -> Gathering {
        let options = self.options;
        let style = self.style();
        Gathering {
            avoid: self.options.avoid,
            warnings: options.warnings,
            skip_inet: options.skip_inet,
            endpoints: options.endpoints,
            command_limit: options.command_limit,
            exempt: self.ground.exemptions().to_vec(),
            contexts: style.context,
            shows: shows(&style),
        }
    }
}

/// The shape of the output.
fn form(options: &Options, build: &Build) -> Form {
    if options.terse {
        return Form::Terse;
    }
    let choice = options.fields.unwrap_or_default();
    let is_json = options.json || options.json_lines;
    let mut letters = match options.fields {
        Some(choice) if choice.named || !is_json => choice.letters,
        _ => Letters::DEFAULT,
    };
    if letters.has(b'Z') && !build.contexts() {
        letters = letters.without(Letters::of(b"Z"));
    }
    if options.flags_off {
        letters = letters.without(Letters::of(b"G"));
    }
    if is_json {
        return Form::Json {
            letters,
            lines: options.json_lines,
        };
    }
    match options.fields {
        Some(_) => Form::Fields {
            letters,
            nul: choice.nul,
        },
        None => Form::Columns,
    }
}

/// What a style shows of a row.
fn shows(style: &Style) -> Shows {
    let letters = match style.form {
        Form::Terse => {
            return Shows::NONE;
        }
        Form::Columns => {
            return Shows {
                size: style.size != SizeColumn::Offset,
                offset: style.size != SizeColumn::Size,
                offset_beside_size: style.size == SizeColumn::Offset,
                flags: style.flag_column,
                links: style.links,
                info: style.info.any,
                ..Shows::ALL
            };
        }
        Form::Fields { letters, .. } | Form::Json { letters, .. } => letters,
    };
    let has = |letter| letters.has(letter);
    // JSON has the object even where nothing is left to be in it.
    let is_json = matches!(style.form, Form::Json { .. });
    Shows {
        rows: true,
        access: has(b'a'),
        lock: has(b'l'),
        kind: has(b't'),
        device: has(b'D') || has(b'r'),
        device_text: has(b'd'),
        size: has(b's'),
        offset: has(b'o'),
        offset_beside_size: has(b'o'),
        flags: has(b'G'),
        links: has(b'k'),
        node: has(b'i') || has(b'P'),
        name: has(b'n'),
        info: has(b'T') && (style.info.any || is_json),
    }
}

#[cfg(test)]
mod tests;
