//! The grammar: conditions joined strictly from left to right.
//!
//! The stack is that of the original's parser symbol by symbol, because it ends at a depth that an
//! expression can reach.

use std::ffi::OsString;
use std::io::Read;

use sockcore::filter::{Builder, Condition, End, NodeId, PortRange, Relation};

use super::operand::{self, Operand};
use super::tokens::{Comparison, LineError, Subject, Token, Tokens};
use super::{Context, FilterError, Parsed, host};
use crate::names::EphemeralPorts;

/// How many symbols the stack holds, its bottom included.
const DEPTH: usize = 10_000;

/// How two expressions are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Joint {
    And,
    Or,
}

/// A symbol that waits for what follows it.
enum Symbol {
    Open,
    Not,
    /// Joined with what follows. Without a joint behind it: both.
    List(NodeId),
    Joint(Joint),
}

/// What may come next.
enum State {
    /// An expression, or at the very start nothing.
    Expression,
    /// What goes on with a list, or ends it.
    Joint,
    /// The rest of a condition on this subject.
    Comparison(Subject),
    /// The operand of a condition.
    Operand(Subject, Comparison),
}

/// An expression under construction.
pub(super) struct Parser<'c, 'w, 'f> {
    tokens: Tokens<'w, 'f>,
    context: Context<'c>,
    builder: Builder,
    stack: Vec<Symbol>,
    /// What operands mean: the last subject that was named.
    subject: Option<Subject>,
    ephemeral: Option<PortRange>,
}

impl<'c, 'w, 'f> Parser<'c, 'w, 'f> {
    pub(super) fn new(
        words: &'w [OsString],
        file: Option<&'f mut dyn Read>,
        context: Context<'c>,
    ) -> Self {
        Self {
            tokens: Tokens::new(words, file),
            context,
            builder: Builder::new(),
            stack: Vec::new(),
            subject: None,
            ephemeral: None,
        }
    }

    pub(super) fn parse(mut self) -> Result<Parsed, FilterError> {
        let mut state = State::Expression;
        while let Some((token, operand)) = self.next()? {
            state = self.step(state, &token, operand)?;
        }
        let filter = match (self.stack.pop(), state) {
            (None, State::Expression) => None,
            (Some(Symbol::List(root)), State::Joint) if self.stack.is_empty() => {
                Some(self.builder.finish(root))
            }
            _ => return Err(syntax()),
        };
        Ok(Parsed {
            filter,
            selection: self.context.selection,
        })
    }

    /// The next token; what an operand says is settled at once.
    fn next(&mut self) -> Result<Option<(Token, Option<Operand>)>, FilterError> {
        let token = self.tokens.next().map_err(|error| {
            FilterError::fatal(match error {
                LineError::TooLong => "Too long line in filter\n",
                LineError::Invalid => "Invalid line\n",
            })
        })?;
        let operand = match &token {
            None => return Ok(None),
            Some(Token::Subject(subject)) => {
                self.subject = Some(*subject);
                None
            }
            Some(Token::Operand(word)) => Some(self.operand(word)?),
            Some(_) => None,
        };
        Ok(token.map(|token| (token, operand)))
    }

    fn operand(&mut self, word: &[u8]) -> Result<Operand, FilterError> {
        let context = &mut self.context;
        match self.subject {
            Some(Subject::Device) => operand::device(word, context),
            Some(Subject::Mark) => operand::mark(word),
            Some(Subject::Cgroup) => operand::cgroup(word, context),
            Some(Subject::SourcePort | Subject::DestinationPort) => {
                host::parse(word, host::Mode::Port, context)
            }
            _ => host::parse(word, host::Mode::Address, context),
        }
    }

    fn step(
        &mut self,
        state: State,
        token: &Token,
        operand: Option<Operand>,
    ) -> Result<State, FilterError> {
        match (state, token) {
            (State::Joint, Token::And) => self.push(Symbol::Joint(Joint::And)),
            (State::Joint, Token::Or) => self.push(Symbol::Joint(Joint::Or)),
            (State::Joint, Token::Close) => {
                self.has_room_for(1)?;
                return self.close();
            }
            (State::Joint, Token::Open | Token::Not | Token::Subject(_)) => {
                return self.step(State::Expression, token, operand);
            }
            (State::Expression, Token::Open) => self.push(Symbol::Open),
            (State::Expression, Token::Not) => self.push(Symbol::Not),
            (State::Expression, Token::Subject(Subject::Autobound)) => {
                self.has_room_for(1)?;
                let condition = Condition::Autobound(self.ephemeral_ports());
                let node = self.builder.condition(condition);
                return Ok(self.reduce(node));
            }
            (State::Expression, Token::Subject(subject)) => {
                self.has_room_for(1)?;
                return Ok(State::Comparison(*subject));
            }
            (State::Comparison(subject), Token::Comparison(comparison)) => {
                if !takes(subject, *comparison) {
                    return Err(syntax());
                }
                self.has_room_for(2)?;
                return Ok(State::Operand(subject, *comparison));
            }
            (State::Comparison(subject), Token::Operand(_)) => {
                // The comparison that is left out is a symbol, too.
                self.has_room_for(3)?;
                return self.condition(subject, Comparison::Equal, operand);
            }
            (State::Operand(subject, comparison), Token::Operand(_)) => {
                self.has_room_for(3)?;
                return self.condition(subject, comparison, operand);
            }
            _ => return Err(syntax()),
        }?;
        Ok(State::Expression)
    }

    fn push(&mut self, symbol: Symbol) -> Result<(), FilterError> {
        self.has_room_for(1)?;
        self.stack.push(symbol);
        Ok(())
    }

    /// Whether so many symbols more fit on the stack.
    fn has_room_for(&self, symbols: usize) -> Result<(), FilterError> {
        if 1 + self.stack.len() + symbols >= DEPTH {
            return Err(FilterError::grammar("memory exhausted"));
        }
        Ok(())
    }

    fn condition(
        &mut self,
        subject: Subject,
        comparison: Comparison,
        operand: Option<Operand>,
    ) -> Result<State, FilterError> {
        let end = match subject {
            Subject::Source | Subject::SourcePort => End::Local,
            _ => End::Peer,
        };
        let condition = match (operand, comparison) {
            (Some(Operand::Host(hosts)), Comparison::Equal | Comparison::NotEqual) => hosts.at(end),
            (Some(Operand::Host(hosts)), comparison) => Condition::Port {
                end,
                relation: match comparison {
                    Comparison::AtLeast | Comparison::Less => Relation::AtLeast,
                    _ => Relation::AtMost,
                },
                port: hosts.port(),
            },
            (Some(Operand::Other(condition)), _) => condition,
            (None, _) => return Err(syntax()),
        };
        let node = self.builder.condition(condition);
        let node = match comparison {
            Comparison::NotEqual | Comparison::Greater | Comparison::Less => self.builder.not(node),
            _ => node,
        };
        Ok(self.reduce(node))
    }

    fn close(&mut self) -> Result<State, FilterError> {
        match (self.stack.pop(), self.stack.pop()) {
            (Some(Symbol::List(list)), Some(Symbol::Open)) => Ok(self.reduce(list)),
            _ => Err(syntax()),
        }
    }

    /// Joins a complete expression with what waited for it.
    fn reduce(&mut self, mut node: NodeId) -> State {
        while let Some(Symbol::Not) = self.stack.last() {
            self.stack.pop();
            node = self.builder.not(node);
        }
        let joint = match self.stack.last() {
            Some(Symbol::Joint(joint)) => Some(*joint),
            _ => None,
        };
        if joint.is_some() {
            self.stack.pop();
        }
        if let Some(Symbol::List(_)) = self.stack.last() {
            if let Some(Symbol::List(left)) = self.stack.pop() {
                node = match joint {
                    Some(Joint::Or) => self.builder.or(left, node),
                    Some(Joint::And) | None => self.builder.and(left, node),
                };
            }
        }
        self.stack.push(Symbol::List(node));
        State::Joint
    }

    fn ephemeral_ports(&mut self) -> PortRange {
        let root = self.context.root;
        *self.ephemeral.get_or_insert_with(|| {
            let ports = EphemeralPorts::read(root);
            PortRange {
                first: ports.first.into(),
                last: ports.last.into(),
            }
        })
    }
}

/// Whether a subject can be compared so.
fn takes(subject: Subject, comparison: Comparison) -> bool {
    match subject {
        Subject::Source | Subject::Destination => comparison == Comparison::Equal,
        Subject::SourcePort | Subject::DestinationPort => true,
        Subject::Device | Subject::Mark | Subject::Cgroup => {
            matches!(comparison, Comparison::Equal | Comparison::NotEqual)
        }
        Subject::Autobound => false,
    }
}

fn syntax() -> FilterError {
    FilterError::grammar("syntax error")
}
